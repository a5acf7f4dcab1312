import {
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {replaceFile} from '../../src/platform/replace-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a file is replaced as a whole, with its mode, and nothing else stays', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'file');
	writeFileSync(file, 'old');
	replaceFile(file, 'new', 0o600);
	t.is(readFileSync(file, 'utf8'), 'new');
	t.is(statSync(file).mode & 0o777, 0o600);
	t.deepEqual(readdirSync(folder), ['file']);
});

for (const [kind, plant] of [
	['symbolic link', symlinkSync],
	['hard link', linkSync],
] as const)
	test(`a ${kind} that is planted at the temporary name is not written through`, t => {
		const folder = temporaryFolder(t);
		const [file, victim] = [path.join(folder, 'file'), path.join(folder, 'victim')];
		writeFileSync(victim, 'precious', {mode: 0o644});
		plant(victim, `${file}.new`);
		replaceFile(file, 'secret', 0o600);
		t.is(readFileSync(victim, 'utf8'), 'precious');
		t.is(readFileSync(file, 'utf8'), 'secret');
		t.is(statSync(file).mode & 0o777, 0o600);
	});

test('a file that cannot be replaced is removed, because it is not true any more', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'file');
	writeFileSync(file, 'old');
	mkdirSync(`${file}.new`);
	t.throws(() => replaceFile(file, 'new', 0o600));
	t.deepEqual(readdirSync(folder), ['file.new']);
});
