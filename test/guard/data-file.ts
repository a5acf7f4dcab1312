import {linkSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findDataFiles} from '../../src/guard/data-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const storage = (file: string | undefined, readOnly = false) => ({path: file, readOnly});

test('a file is known by its real path, also when the folder or the file is a link', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'real'));
	writeFileSync(path.join(folder, 'real/Data.fs'), 'FS30');
	symlinkSync('real', path.join(folder, 'linked'));
	symlinkSync('linked/Data.fs', path.join(folder, 'other.fs'));
	const file = path.join(folder, 'real/Data.fs');
	for (const name of ['real/Data.fs', 'linked/Data.fs', 'other.fs', 'real/../linked/Data.fs']) {
		t.deepEqual(
			findDataFiles([storage(name)], folder),
			[{file, readOnly: false, links: 1, isFolder: false}],
			name,
		);
	}
});

test('a link to a file that is still to be made counts as that file', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'real'));
	symlinkSync('real/Data.fs', path.join(folder, 'other.fs'));
	t.deepEqual(findDataFiles([storage('other.fs')], folder), [
		{file: path.join(folder, 'real/Data.fs'), readOnly: false, links: 0, isFolder: false},
	]);
});

test('links that lead in a circle, missing folders and storages without a file are left out', t => {
	const folder = temporaryFolder(t);
	symlinkSync('b', path.join(folder, 'a'));
	symlinkSync('a', path.join(folder, 'b'));
	t.deepEqual(findDataFiles([storage('a'), storage('none/x'), storage(undefined)], folder), []);
});

test('a folder in the place of a file is told', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'Data.fs'));
	t.true(findDataFiles([storage('Data.fs')], folder)[0]?.isFolder);
});

test('hard links are counted', t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'Data.fs'), '');
	linkSync(path.join(folder, 'Data.fs'), path.join(folder, 'copy.fs'));
	t.is(findDataFiles([storage('Data.fs')], folder)[0]?.links, 2);
});

test('files come in one order, each once, and are written to if any storage writes to them', t => {
	const folder = temporaryFolder(t);
	const found = findDataFiles([storage('b'), storage('a', true), storage('b', true)], folder);
	t.deepEqual(
		found.map(({file, readOnly}) => [path.basename(file), readOnly]),
		[
			['a', true],
			['b', false],
		],
	);
});
