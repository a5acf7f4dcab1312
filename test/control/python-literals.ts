import test from 'ava';
import {
	parsePythonList,
	parsePythonString,
	renderPythonBytes,
	renderPythonList,
} from '../../src/control/python-literals.js';
import {renderPythonString} from '../../src/platform/python-repr.js';
import {askPython} from '../helpers/ask-python.js';
import {seededRandom} from '../helpers/seeded-random.js';

const writes = (title: string, value: string, literal: string) =>
	test(`a string ${title}`, t => {
		t.is(renderPythonString(value), literal);
		t.is(parsePythonString(literal), value);
	});

writes('of plain words is in single quotes', 'sleep 100', "'sleep 100'");
writes('that is empty is two quotes', '', "''");
writes('with an apostrophe is in double quotes', "it's", `"it's"`);
writes('with double quotes stays in single quotes', 'say "no"', `'say "no"'`);
writes('with both quotes escapes the single ones', `it's "so"`, `'it\\'s "so"'`);
writes('doubles its backslashes', 'a\\b', "'a\\\\b'");
writes('names newline, return and tab', '\n\r\t', "'\\n\\r\\t'");
writes('shows control characters in hex', '\0\x1b\x7f\x9f', "'\\x00\\x1b\\x7f\\x9f'");
writes('escapes a no-break space', 'a\u00a0b', "'a\\xa0b'");
writes('keeps printable characters of any script', 'Plzeň 中 😀', "'Plzeň 中 😀'");
writes('escapes separators and formatting', '\u2028\u200b\ufeff', "'\\u2028\\u200b\\ufeff'");
writes('escapes private and unassigned planes', '\ue000\u{10ffff}', "'\\ue000\\U0010ffff'");
writes('escapes half a surrogate pair', '\udcff', "'\\udcff'");

test('bytes are written with every byte above ASCII in hex', t => {
	t.is(renderPythonBytes("st\xe4tus\xff'"), `b"st\\xe4tus\\xff'"`);
});

test('a list of strings is read as it was written', t => {
	const values = ['sleep', '', "it's", `both ' and "`, 'a\\', '[1, 2]', ', ', 'č\n'];
	t.is(renderPythonList(['sleep', "it's"]), `['sleep', "it's"]`);
	t.deepEqual(parsePythonList(renderPythonList(values)), values);
	t.deepEqual(parsePythonList('[]'), []);
});

for (const text of [
	'',
	'[',
	"['a'",
	"['a',]",
	"['a' 'b']",
	"['a'], ['b']",
	'[1]',
	"['a\\']",
	"('a',)",
]) {
	test(`${JSON.stringify(text)} is not a list of strings`, t => {
		t.is(parsePythonList(text), undefined);
	});
}

test('Python writes the same literals and reads ours back', t => {
	const {below, pick} = seededRandom(20261123);
	const character = () =>
		String.fromCodePoint(pick([below(0x80), below(0x800), below(0xd800), below(0x110000)]));
	const values = Array.from({length: 3000}, () =>
		Array.from({length: below(8)}, character).join(''),
	);
	const answers = askPython(t, {
		script: 'literals.py',
		input: values.map(value => ({value, literal: renderPythonString(value)})),
	});
	if (answers === undefined) return;
	t.deepEqual(answers, []);
});
