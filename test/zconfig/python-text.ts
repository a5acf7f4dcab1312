import test from 'ava';
import {renderPythonString} from '../../src/platform/python-repr.js';
import {splitWords, strip, stripEnd} from '../../src/zconfig/python-text.js';

test('strip takes away what Python calls white space and nothing else', t => {
	t.is(
		strip('\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000x'),
		'x',
	);
	t.is(strip('x\x85\x1c '), 'x');
	t.is(strip('\ufeffx'), '\ufeffx');
	t.is(strip('\u180ex\u200b'), '\u180ex\u200b');
	t.is(strip(' \t'), '');
	t.is(stripEnd(' x '), ' x');
});

test('words are what stands between white space', t => {
	t.deepEqual(splitWords('  a\xa0b\x1cc  '), ['a', 'b', 'c']);
	t.deepEqual(splitWords(''), []);
});

for (const [text, expected] of [
	['plain', "'plain'"],
	["it's", `"it's"`],
	['say "x"', `'say "x"'`],
	[`both ' and "`, `'both \\' and "'`],
	['back\\slash', "'back\\\\slash'"],
	['\n\r\t', "'\\n\\r\\t'"],
	['\0\x7f\x85\xa0', "'\\x00\\x7f\\x85\\xa0'"],
	['\u2028\ufeff', "'\\u2028\\ufeff'"],
	['ä名😀', "'ä名😀'"],
	['\u{e0001}', "'\\U000e0001'"],
] as const) {
	test(`the repr of ${JSON.stringify(text)} is Python's`, t => {
		t.is(renderPythonString(text), expected);
	});
}
