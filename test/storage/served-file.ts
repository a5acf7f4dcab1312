import {closeSync, openSync, renameSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {StorageSettings} from '../../src/settings/settings.js';
import {createLostFileWatch} from '../../src/storage/lost-file-watch.js';
import {findServedFiles, isInPlace} from '../../src/storage/served-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const storage = (file: string, more: Partial<StorageSettings> = {}): StorageSettings => ({
	name: 'main',
	type: 'filestorage',
	path: file,
	blobDirectory: undefined,
	readOnly: false,
	create: false,
	...more,
});

const unrecorded = (directory: string) => ({directory, recordedInode: () => undefined});

/** Data files that this very process has open, as a server would. */
const scene = (t: ExecutionContext, {mode = 'r+'}: {readonly mode?: string} = {}) => {
	const folder = temporaryFolder(t);
	const at = (name: string): string => path.join(folder, name);
	const make = (name: string, content = 'FS30'): string => {
		writeFileSync(at(name), content);
		return at(name);
	};
	const hold = (name: string): number => {
		const fd = openSync(at(name), mode);
		t.teardown(() => closeSync(fd));
		return fd;
	};
	const look = (...storages: readonly StorageSettings[]) =>
		findServedFiles(process.pid, storages, unrecorded(folder));
	return {folder, at, make, hold, look};
};

test.serial('a file where it should be is in place', async t => {
	const {make, hold, look, folder} = scene(t);
	const file = make('Data.fs');
	const fd = hold('Data.fs');
	const [found, ...more] = await look(storage('Data.fs'));
	t.deepEqual(more, []);
	t.like(found, {storage: 'main', path: file, descriptor: fd, state: 'in-place', size: 4});
	t.is(found?.name, path.join(folder, 'Data.fs'));
});

test.serial('a deleted file is lost', async t => {
	const {at, make, hold, look} = scene(t);
	make('Data.fs');
	const fd = hold('Data.fs');
	unlinkSync(at('Data.fs'));
	t.like((await look(storage('Data.fs')))[0], {
		descriptor: fd,
		state: 'lost',
		name: undefined,
		isReplaced: false,
	});
});

test.serial('a file that another was renamed over is lost, and replaced', async t => {
	const {at, make, hold, look} = scene(t);
	make('Data.fs');
	hold('Data.fs');
	make('other');
	renameSync(at('other'), at('Data.fs'));
	t.like((await look(storage('Data.fs')))[0], {state: 'lost', isReplaced: true});
});

test.serial('a file that was renamed is moved, and its new name is told', async t => {
	const {at, make, hold, look} = scene(t);
	make('Data.fs');
	hold('Data.fs');
	renameSync(at('Data.fs'), at('Data.fs.away'));
	t.like((await look(storage('Data.fs')))[0], {
		state: 'moved',
		name: at('Data.fs.away'),
		isReplaced: false,
	});
});

test.serial('a deleted file behind a symbolic link is found', async t => {
	const {at, make, hold, look} = scene(t);
	make('real');
	symlinkSync('real', at('Data.fs'));
	hold('Data.fs');
	unlinkSync(at('real'));
	t.like((await look(storage('Data.fs')))[0], {state: 'lost', path: at('real')});
});

test.serial('of several storages each has its own file', async t => {
	const {at, make, hold, look} = scene(t);
	for (const name of ['a.fs', 'b.fs', 'c.fs']) {
		make(name);
		hold(name);
	}
	unlinkSync(at('a.fs'));
	renameSync(at('b.fs'), at('elsewhere'));
	const found = await look(...['a', 'b', 'c'].map(name => storage(`${name}.fs`, {name})));
	t.deepEqual(
		found.map(each => `${each.storage} ${each.state}`),
		['a lost', 'b moved', 'c in-place'],
	);
});

test.serial('a deleted database that no storage has is told by its last name', async t => {
	const {at, make, hold, look} = scene(t);
	make('Data.fs');
	make('changes.fs');
	hold('Data.fs');
	hold('changes.fs');
	const states = async () =>
		(await look(storage('Data.fs'))).map(each => `${each.storage} ${each.state}`);
	t.deepEqual(await states(), ['main in-place']);
	unlinkSync(at('changes.fs'));
	t.deepEqual(await states(), ['main in-place', `${at('changes.fs')} lost`]);
	t.like((await look())[0], {path: at('changes.fs'), isUnclaimed: true});
});

test.serial('databases that cannot be told apart are told by their names', async t => {
	const {at, make, hold, look} = scene(t);
	for (const name of ['a.fs', 'b.fs']) {
		make(name);
		hold(name);
		renameSync(at(name), at(`${name}.away`));
	}
	unlinkSync(at('a.fs.away'));
	const found = await look(...['a', 'b'].map(name => storage(`${name}.fs`, {name})));
	t.deepEqual(
		found.map(each => [each.storage, each.state, each.name, each.isUnclaimed]),
		[
			[at('a.fs.away'), 'lost', undefined, true],
			[at('b.fs.away'), 'moved', at('b.fs.away'), true],
		],
	);
});

test.serial('logs and packs are no data files', async t => {
	const {make, hold, look} = scene(t);
	make('log', 'some words');
	make('Data.fs.pack');
	hold('log');
	hold('Data.fs.pack');
	t.deepEqual(await look(storage('Data.fs')), []);
});

test.serial('a file that is open for reading only is not what a server writes to', async t => {
	const {at, make, hold, look} = scene(t, {mode: 'r'});
	make('Data.fs');
	hold('Data.fs');
	unlinkSync(at('Data.fs'));
	t.deepEqual(await look(storage('Data.fs')), []);
});

test.serial('a read-only storage has its file open for reading', async t => {
	const {at, make, hold, look} = scene(t, {mode: 'r'});
	make('Data.fs');
	hold('Data.fs');
	const readOnly = storage('Data.fs', {readOnly: true});
	t.like((await look(readOnly))[0], {state: 'in-place'});
	renameSync(at('Data.fs'), at('Data.fs.old'));
	make('Data.fs');
	t.deepEqual(await look(readOnly), [], 'its writer has packed');
	unlinkSync(at('Data.fs'));
	unlinkSync(at('Data.fs.old'));
	t.like((await look(readOnly))[0], {state: 'lost'});
});

test.serial('a process that may not be seen has nothing', async t => {
	t.deepEqual(
		await findServedFiles(2 ** 22 + 1, [storage('/nowhere/Data.fs')], unrecorded('/')),
		[],
	);
	t.false(await isInPlace({pid: process.pid, descriptor: 9999, path: '/'}));
});

/** The states of the files that a watch over this process finds at each look. */
const watch = (folder: string, ...storages: readonly StorageSettings[]) => {
	const find = createLostFileWatch({
		storages,
		listProcesses: pid => [pid],
		...unrecorded(folder),
	});
	return async () => (await find(process.pid)).map(({state}) => state);
};

test.serial('a watch sees a loss, a pack and a repair', async t => {
	const {at, make, hold, folder} = scene(t);
	make('Data.fs');
	const first = openSync(at('Data.fs'), 'r+');
	const states = watch(folder, storage('Data.fs'));
	t.deepEqual(await states(), []);
	t.deepEqual(await states(), []);
	renameSync(at('Data.fs'), at('away'));
	t.deepEqual(await states(), ['moved']);
	renameSync(at('away'), at('Data.fs'));
	t.deepEqual(await states(), []);
	unlinkSync(at('Data.fs'));
	t.deepEqual(await states(), ['lost']);
	make('Data.fs');
	hold('Data.fs');
	t.deepEqual(await states(), ['lost'], 'nobody else has what is in it');
	closeSync(first);
	t.deepEqual(await states(), [], 'another descriptor has the new file');
});

test.serial(
	'a watch sees that a database of no known storage is deleted while all others are in place',
	async t => {
		const {at, make, hold, folder} = scene(t);
		for (const name of ['Data.fs', 'changes.fs']) {
			make(name);
			hold(name);
		}
		const one = watch(folder, storage('Data.fs'));
		const none = watch(folder);
		t.deepEqual([await one(), await none()], [[], []]);
		unlinkSync(at('changes.fs'));
		t.deepEqual([await one(), await none()], [['lost'], ['lost']]);
		t.deepEqual([await one(), await none()], [['lost'], ['lost']], 'at each look');
	},
);

test.serial(
	'a watch does not take a moved database for well because its storage is not known',
	async t => {
		const {at, make, hold, folder} = scene(t);
		for (const name of ['a.fs', 'b.fs']) {
			make(name);
			hold(name);
			renameSync(at(name), at(`${name}.away`));
		}
		const states = watch(folder, ...['a', 'b'].map(name => storage(`${name}.fs`, {name})));
		t.deepEqual(await states(), ['moved', 'moved']);
		t.deepEqual(await states(), ['moved', 'moved']);
	},
);

test.serial('a watch sees what the children of a script have open', async t => {
	const {at, make, hold, folder} = scene(t);
	make('Data.fs');
	hold('Data.fs');
	const find = createLostFileWatch({
		storages: [storage('Data.fs')],
		listProcesses: script => [script, process.pid],
		...unrecorded(folder),
	});
	const script = process.ppid;
	t.deepEqual(await find(script), []);
	unlinkSync(at('Data.fs'));
	t.like(await find(script), [{state: 'lost', pid: process.pid}]);
});
