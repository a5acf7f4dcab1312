import {execFileSync} from 'node:child_process';
import test from 'ava';
import {renderShellCommand, renderShellWord} from '../../src/platform/shell-word.js';

test('plain words need no quotes', t => {
	for (const word of ['/srv/zeo/var/Data.fs', 'a-b_c.d', 'user:group', 'A=b', '127.0.0.1:8100']) {
		t.is(renderShellWord(word), word);
	}
});

test('other words are quoted', t => {
	t.is(renderShellWord(''), "''");
	t.is(renderShellWord('a b'), "'a b'");
	t.is(renderShellWord("it's"), "'it'\\''s'");
});

test('a line end in a word is printed as something that can be pasted', t => {
	t.is(renderShellWord("a\nb's 5%.conf"), `"$(printf 'a\\012b'\\''s 5%%.conf')"`);
});

test('a real shell reads every word back unchanged', t => {
	const words = Array.from({length: 0x7f}, (_, code) => `a${String.fromCharCode(code + 1)}b`);
	words.push('', "'", "''", '$(touch /tmp/x)', '`id`', '~root', '-n', '*', 'größe');
	const output = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${renderShellCommand(words)}`]);
	t.deepEqual(output.toString().split('\0').slice(0, -1), words);
});
