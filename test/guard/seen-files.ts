import {appendFileSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {areAsSeen, lookAtFiles} from '../../src/guard/seen-files.js';
import {serverOf} from '../helpers/databases.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const scene = (t: ExecutionContext, content = 'FS30 and a transaction', create = false) => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'Data.fs');
	writeFileSync(file, content);
	const {storages} = serverOf({path: 'Data.fs', create});
	const resolve = (name: string) => path.resolve(folder, name);
	const seen = lookAtFiles(storages, resolve);
	const isAsSeen = () =>
		areAsSeen(storages, {seen, present: lookAtFiles(storages, resolve)}, resolve);
	return {file, seen, resolve, isAsSeen};
};

test('a database that is as it was, or has grown, is as it was seen', t => {
	const {file, isAsSeen} = scene(t);
	t.true(isAsSeen());
	appendFileSync(file, 'another one');
	t.true(isAsSeen());
});

const damages: Readonly<Record<string, (file: string) => void>> = {
	'is missing': file => rmSync(file),
	'is shorter': file => truncateSync(file, 10),
	'is another file': file => {
		writeFileSync(`${file}.pack`, 'FS30 and a transaction, packed');
		renameSync(`${file}.pack`, file);
	},
};
for (const [what, damage] of Object.entries(damages)) {
	test(`a database that ${what} must be examined`, t => {
		const {file, isAsSeen} = scene(t);
		damage(file);
		t.false(isAsSeen());
	});
}

test('so must one that was empty, or that a start empties, or that nobody has seen', t => {
	t.false(scene(t, 'FS30').isAsSeen());
	t.false(scene(t, undefined, true).isAsSeen());
	const {resolve, seen: present} = scene(t);
	t.false(areAsSeen(serverOf({path: 'Data.fs'}).storages, {seen: new Map(), present}, resolve));
});

test('storages without a file have none that could be lost', t => {
	const none = new Map();
	t.true(
		areAsSeen(serverOf({path: undefined}).storages, {seen: none, present: none}, name => name),
	);
});
