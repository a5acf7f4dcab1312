import test from 'ava';
import {decodePickle, type PickleValue} from '../../src/zeo/unpickle.js';
import {askPython} from '../helpers/ask-python.js';
import {seededRandom} from '../helpers/seeded-random.js';

const fromHex = (hex: string): PickleValue => decodePickle(Buffer.from(hex, 'hex'));

const isRead = test.macro({
	exec(t, hex: string, value: PickleValue) {
		t.deepEqual(fromHex(hex), value);
	},
	title: (_, hex) => `${hex} is read`,
});

test(isRead, '80034e2e', null);
test(isRead, '80034d34122e', 0x1234);
test(isRead, '80038a05005ed0b2002e', 3_000_000_000);
test(isRead, '80038a01ff2e', -1);
test(isRead, '80038a002e', 0);
test(isRead, '80038a08ffffffffffffff7f2e', 2n ** 63n - 1n);
test(isRead, '80035d4b01612e', [1]);
test(isRead, '80035d284b014b02652e', [1, 2]);
test(isRead, '80037d4b0189732e', new Map([[1, false]]));
test(isRead, '80037d284b0189752e', new Map([[1, false]]));
test(
	'80037d in protocol 2 with a memo is read',
	isRead,
	'80027d71005801000000617101680173 2e'.replace(' ', ''),
	new Map([['a', 'a']]),
);
test(isRead, '8002550361 e962 2e'.replaceAll(' ', ''), 'a\xe9b');
test(isRead, '80024302 00ff2e'.replaceAll(' ', ''), Buffer.from([0, 255]));
test(isRead, '8003636f730a73797374656d0a2e', {is: 'name', name: 'os.system'});

test('what a pickle would run is an inert record', t => {
	// os.system('true')
	const hex = '8003636f730a73797374656d0a58040000007472756585522e';
	t.deepEqual(fromHex(hex), {
		is: 'object',
		made: {is: 'name', name: 'os.system'},
		args: ['true'],
		state: null,
	});
});

const isRefused = test.macro({
	exec(t, hex: string, message: RegExp) {
		t.throws(() => fromHex(hex), {message});
	},
	title: (_, hex, message: RegExp) => `${hex || 'nothing'} is refused: ${message.source}`,
});

test(isRefused, '', /cut short/);
test(isRefused, '80034b', /cut short/);
test(isRefused, '8003580500000061', /cut short/);
test(isRefused, '80042e', /protocol 4/);
test(isRefused, '800395', /opcode 0x95/);
test(isRefused, '8003930a2e', /opcode 0x93/);
test(isRefused, '80032e', /not one value/);
test(isRefused, '80034e4e2e', /not one value/);
test(isRefused, '8003284e2e', /not one value/);
test(isRefused, '800385', /takes more/);
test(isRefused, '800374', /no mark/);
test(isRefused, '80034e284e652e', /no list/);
test(isRefused, '80034e4b014b02732e', /no dict/);
test(isRefused, '80037d284e752e', /no dict/);
test(isRefused, '800368072e', /recalls/);
test(isRefused, '80034e29522e', /no name/);
// A list that holds itself.
test(isRefused, '80035d7100680061 2e'.replace(' ', ''), /recalls/);

const values = [
	null,
	'main',
	{int: '2147483647'},
	{int: '2147483648'},
	{int: '3000000000'},
	{int: '1099511627776'},
	{int: '-2147483649'},
	{int: '9007199254740991'},
	{float: '1796253281.25'},
	{bytes: '040d326e432cc411'},
	{bytes: 'ab'.repeat(300)},
	{list: []},
	{list: [{int: '1'}, {tuple: []}]},
	{
		dict: [
			['length', {int: '730'}],
			['size', {int: '5000000000'}],
		],
	},
	{tuple: [{int: '1'}, {int: '2'}, {int: '3'}, {int: '4'}]},
];

/** What we make of a value, in the language of the reference script. */
const tag = (value: PickleValue): unknown => {
	if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
	if (typeof value === 'bigint') return {int: String(value)};
	if (typeof value === 'number')
		return Number.isInteger(value) ? {int: String(value)} : {float: String(value)};
	if (Buffer.isBuffer(value)) return {bytes: value.toString('hex')};
	if (value instanceof Map) return {dict: [...value].map(pair => pair.map(tag))};
	return Array.isArray(value) ? {items: value.map(tag)} : value;
};

const withItems = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value).replaceAll(/"(?:tuple|list)":/g, '"items":'));

test("replies of the real ZEO's encoder are read", t => {
	const answer = askPython(t, {script: 'pickles.py', input: {values}});
	if (answer === undefined) return;
	const {replies, plain} = answer as Record<'replies' | 'plain', string[]>;
	const read = replies.map(hex => {
		const message = fromHex(hex) as readonly PickleValue[];
		return tag(message[3] ?? null);
	});
	t.deepEqual(read, values.map(withItems));
	t.deepEqual(
		plain
			.filter((_, index) => !/bytes/.test(JSON.stringify(values[index])))
			.map(hex => tag(fromHex(hex))),
		values.filter(value => !/bytes/.test(JSON.stringify(value))).map(withItems),
	);
});

test('any bytes at all are a value or one clear refusal', t => {
	const random = seededRandom(11);
	const whole = Buffer.from(
		'8003284b024b0058060000002e7265706c797d2858060000006c656e6774684dda02580400000073697a654a924a400058040000006e616d65580b0000007661722f446174612e667375745d284b018a05005ed0b20065632e0a6f730a292e',
		'hex',
	);
	let refused = 0;
	for (let round = 0; round < 20_000; round++) {
		const bytes = round % 2 === 0 ? Buffer.from(whole) : Buffer.alloc(random.below(40));
		const changes = round % 2 === 0 ? 1 + random.below(4) : bytes.length;
		for (let count = 0; count < changes; count++)
			bytes[random.below(bytes.length)] = random.below(256);
		if (round % 2 === 1) bytes.set([0x80, 3].slice(0, bytes.length));
		try {
			decodePickle(bytes.subarray(0, random.below(bytes.length + 1)));
		} catch (error) {
			refused += 1;
			t.true(error instanceof Error && error.message.length < 100 && !/\n/.test(error.message));
			t.is(error instanceof Error ? error.constructor.name : '', 'Error');
		}
	}
	t.true(refused > 10_000);
});

test('nesting without end does no harm', t => {
	const bytes = Buffer.concat([
		Buffer.from('80035d', 'hex'),
		Buffer.alloc(1_000_000, 0x85),
		Buffer.from('.'),
	]);
	t.true(Array.isArray(decodePickle(bytes)));
});
