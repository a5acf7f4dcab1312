import {copyFileSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {fileStorage} from '../../src/storage/zeo.js';
import {withZodb} from '../helpers/file-storage.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('an index is saved by an orderly end, also before a transaction that was not finished', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	const work = (...steps: readonly {readonly do: string}[]) =>
		withZodb(
			t,
			steps.map(step => ({path: file, ...step})),
		);
	if ((await work({do: 'commit'})) === undefined) return;
	t.true(fileStorage.isIndexSaved(file));
	copyFileSync(`${file}.index`, `${file}.index.old`);
	await work({do: 'unfinished'});
	t.true(fileStorage.isIndexSaved(file));
	await work({do: 'commit'});
	t.true(fileStorage.isIndexSaved(file));
	copyFileSync(`${file}.index.old`, `${file}.index`);
	t.false(fileStorage.isIndexSaved(file));
	unlinkSync(`${file}.index`);
	t.false(fileStorage.isIndexSaved(file));
});

test('an empty database needs none, and of what is no database nothing is said', t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	t.is(fileStorage.isIndexSaved(file), undefined);
	writeFileSync(file, 'FS30');
	t.true(fileStorage.isIndexSaved(file));
	writeFileSync(file, 'something else');
	t.is(fileStorage.isIndexSaved(file), undefined);
});
