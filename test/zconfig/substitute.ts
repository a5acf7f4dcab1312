import test from 'ava';
import {isDefinitionName, substitute} from '../../src/zconfig/substitute.js';

const replacements = {
	defines: new Map<string, string | undefined>([
		['a', '1'],
		['ab', '2'],
		['empty', ''],
		['dollar', '$a'],
		['broken', undefined],
	]),
	environment: {HOME: '/root', Case: 'kept', UNSET: undefined},
};

for (const [text, expected] of [
	['plain', 'plain'],
	['$a', '1'],
	['$ab$a', '21'],
	['$abc', undefined],
	['${a}b', '1b'],
	['$A-$a.c', '1-1.c'],
	['$(HOME)/x', '/root/x'],
	['$(Case)', 'kept'],
	['$$a', '$a'],
	['$$$a', '$1'],
	['$dollar', '$a'],
	['[$empty]', '[]'],
] as const) {
	test(`${text} becomes ${expected ?? 'a refusal'}`, t => {
		const result = substitute(text, replacements);
		t.is(result.ok ? result.text : undefined, expected);
	});
}

for (const [text, message, hasPosition] of [
	['$NoPe', "no replacement for 'NoPe'", true],
	['${NoPe}', "no replacement for 'NoPe'", true],
	['$(UNSET)', "no replacement for 'UNSET'", true],
	['$(home)', "no replacement for 'home'", true],
	['$(toString)', "no replacement for 'toString'", true],
	['x$', "illegal lone '$' at end of source", false],
	['$-', "'$' not followed by '$' or name", false],
	['$1', "'$' not followed by '$' or name", false],
	['${', "'${' not followed by name", false],
	['${a', "'${a' not followed by '}'", false],
	['${a b}', "'${a' not followed by '}'", false],
	['$(', "'$(' not followed by name", false],
	['$(a', "'$(a' not followed by ')'", false],
] as const) {
	test(`${text} is refused`, t => {
		t.deepEqual(substitute(text, replacements), {ok: false, message, hasPosition});
	});
}

test('a reference to a definition that was refused is not refused again', t => {
	t.deepEqual(substitute('$broken', replacements), {ok: true, text: undefined});
});

test('a value that grows without measure is refused', t => {
	const defines = new Map([['x', 'x'.repeat(600_000)]]);
	const result = substitute('$x$x', {defines, environment: {}});
	t.false(result.ok);
});

test('names of definitions are letters, digits and underscores', t => {
	t.true(isDefinitionName('_a1'));
	for (const name of ['', '1a', 'a-b', 'a.b', 'ä']) t.false(isDefinitionName(name), name);
});
