import test from 'ava';
import {ConversionError} from '../../src/schema/conversion-error.js';
import {parsePythonFloat, parsePythonInteger} from '../../src/schema/numbers.js';

for (const [text, expected] of [
	['0', 0],
	['007', 7],
	['+1', 1],
	['-12', -12],
	[' 12\t', 12],
	['\xa012\u3000', 12],
	['1_000', 1000],
	['٣٤', 34],
	['１２', 12],
	['𝟘𝟙𝟡', 19],
	['123456789012345678901234567890', 123456789012345678901234567890n],
] as const) {
	test(`int(${JSON.stringify(text)}) is ${expected}`, t => {
		t.is(BigInt(parsePythonInteger(text, 10)), BigInt(expected));
	});
}

for (const text of [
	'',
	' ',
	'+',
	'1.5',
	'0x10',
	'1__0',
	'_1',
	'1_',
	'+ 1',
	'1 2',
	'\x1c1',
	'1e3',
	'½',
]) {
	test(`int(${JSON.stringify(text)}) is refused`, t => {
		t.throws(() => parsePythonInteger(text, 10), {
			instanceOf: ConversionError,
			message: /^invalid literal for int\(\) with base 10: '/,
		});
	});
}

for (const [text, expected] of [
	['22', 18],
	['022', 18],
	['0o22', 18],
	['0O_22', 18],
	['-22', -18],
	['0_7', 7],
] as const) {
	test(`int(${JSON.stringify(text)}, 8) is ${expected}`, t => {
		t.is(BigInt(parsePythonInteger(text, 8)), BigInt(expected));
	});
}

for (const text of ['9', '0o', '0b1', '0o_', '']) {
	test(`int(${JSON.stringify(text)}, 8) is refused`, t => {
		t.throws(() => parsePythonInteger(text, 8), {message: /with base 8/});
	});
}

test('a long text is shown by its first two hundred characters', t => {
	const error = t.throws(() => parsePythonInteger('x'.repeat(1000), 10));
	t.is(error.message.length, 240);
});

test('more digits than Python takes are refused in its words', t => {
	t.is(BigInt(parsePythonInteger('1'.repeat(4300), 10)), BigInt('1'.repeat(4300)));
	t.throws(() => parsePythonInteger('1'.repeat(4301), 10), {
		message: /^Exceeds the limit \(4300 digits\) .* value has 4301 digits;/,
	});
});

for (const [text, expected] of [
	['1', 1],
	['-1.5', -1.5],
	['.5', 0.5],
	['5.', 5],
	['1e3', 1000],
	['1_0.0_1e1_0', 10.01e10],
	['inf', Number.POSITIVE_INFINITY],
	['-Infinity', Number.NEGATIVE_INFINITY],
	['nan', Number.NaN],
	['1e400', Number.POSITIVE_INFINITY],
	['١.٥', 1.5],
	[' 1 ', 1],
] as const) {
	test(`float(${JSON.stringify(text)}) is ${expected}`, t => {
		t.is(parsePythonFloat(text), expected);
	});
}

for (const text of [
	'',
	'.',
	'x',
	'1_',
	'_1',
	'1__0',
	'1._5',
	'1e',
	'0x1p3',
	'in f',
	'1,5',
	'infinit',
]) {
	test(`float(${JSON.stringify(text)}) is refused`, t => {
		t.throws(() => parsePythonFloat(text), {
			instanceOf: ConversionError,
			message: /^could not convert string to float: '/,
		});
	});
}

test('long runs of blanks or digits cost no time', t => {
	const blanks = `1${' '.repeat(300_000)}x`;
	t.throws(() => parsePythonInteger(blanks, 10));
	t.throws(() => parsePythonFloat(blanks));
	t.throws(() => parsePythonFloat(`${'1'.repeat(300_000)}x`));
	t.pass();
});
