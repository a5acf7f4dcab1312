import test from 'ava';
import {encodeCall} from '../../src/zeo/message.js';
import {encodePickle, type PickleInput} from '../../src/zeo/pickle.js';
import {askPython} from '../helpers/ask-python.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';

const isWritten = test.macro({
	exec(t, value: PickleInput, hex: string) {
		t.is(encodePickle(value).toString('hex'), hex);
	},
	title: (_, value, hex) => `${JSON.stringify(value)} is pickled as ${hex}`,
});

test(isWritten, null, '80034e2e');
test(isWritten, true, '8003882e');
test(isWritten, 255, '80034bff2e');
test(isWritten, 256, '80034d00012e');
test(isWritten, 65_536, '80034a000001002e');
test(isWritten, -1, '80034affffffff2e');
test(isWritten, {float: 2}, '80034740000000000000002e');
test(isWritten, 'é', '80035802000000c3a92e');
test(isWritten, [], '8003292e');
test(isWritten, [1, [2, 3], 4], '80034b014b024b03864b04872e');

test('integers beyond 32 bits are refused', t => {
	t.throws(() => encodePickle(2 ** 31), {instanceOf: RangeError});
	t.throws(() => encodePickle(-(2 ** 31) - 1), {instanceOf: RangeError});
});

/** In the language of the reference script. */
const tag = (value: PickleInput): unknown => {
	if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
	if (typeof value === 'number')
		return Number.isInteger(value) ? {int: String(value)} : {float: String(value)};
	if (value instanceof Uint8Array) return {bytes: Buffer.from(value).toString('hex')};
	return 'float' in value ? {float: String(value.float)} : {tuple: value.map(tag)};
};

test('calls are byte for byte those of the real ZEO', t => {
	const calls: readonly (readonly [number, string, readonly PickleInput[]])[] = [
		[1, 'register', ['main', true]],
		[2, 'get_info', []],
		[3, 'pack', [{float: 1_796_253_281.25}, true]],
		[4, 'lastTransaction', []],
		[300, 'server_status', []],
		[70_000, 'set_client_label', ['zeoctl pack ünïcode']],
		[7, 'auth_response', [['alice', 'c'.repeat(40), 'r'.repeat(40)]]],
	];
	const input = {calls: calls.map(([id, method, args]) => [id, method, tag(args)])};
	const answer = askPython(t, {script: 'pickles.py', input});
	if (answer === undefined) return;
	const ours = calls.map(([id, method, args]) => encodeCall(id, method, args).toString('hex'));
	t.deepEqual(ours, (answer as {calls: string[]}).calls);
});

const randomValue = (random: SeededRandom, depth = 3): PickleInput => {
	switch (random.below(depth > 0 ? 8 : 7)) {
		case 0:
			return null;
		case 1:
			return random.below(2) === 0;
		case 2:
			return random.below(2 ** 31) - random.below(2 ** 31);
		case 3:
			return {float: (random.fraction() - 0.5) * 10 ** random.below(20)};
		case 4:
			return random.pick(['', 'main', 'ünï\u{1f600}', '\n\0', 'x'.repeat(300)]);
		case 5:
			return Buffer.alloc(random.below(400), random.below(256));
		case 6:
			return random.below(300);
		default:
			return Array.from({length: random.below(6)}, () => randomValue(random, depth - 1));
	}
};

test('Python reads every pickle of ours as it was meant', t => {
	const random = seededRandom(7);
	const values = Array.from({length: 400}, () => randomValue(random));
	const input = {pickled: values.map(value => encodePickle(value).toString('hex'))};
	const answer = askPython(t, {script: 'pickles.py', input});
	if (answer === undefined) return;
	const normal = (value: unknown): unknown =>
		JSON.parse(JSON.stringify(value), (key, item) => (key === 'float' ? Number(item) : item));
	t.deepEqual(normal((answer as {read: unknown}).read), normal(values.map(tag)));
});
