import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {beginFirstLocks} from '../../src/daemon/first-locks.js';
import type {LockTarget} from '../../src/guard/lock.js';
import {identifyProcess, writeProgramRecord} from '../../src/program/program-record.js';
import {storage} from '../helpers/scheduled-packs.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** What is begun for a program that serves these files. */
const begun = (
	folder: string,
	files: readonly string[],
	socketPath = path.join(folder, 'sock'),
): readonly LockTarget[] => {
	let targets: readonly LockTarget[] = [];
	const storages = files.map(file => ({...storage('1'), path: file}));
	beginFirstLocks({
		line: {
			begin(these) {
				targets = these;
			},
			lock: () => Promise.reject(new Error('not asked for')),
			join: () => undefined,
			leave: () => undefined,
		},
		served: {last: () => ({storages, addresses: []}), look: () => ({storages, addresses: []})},
		socketPath,
		directory: folder,
	});
	return targets;
};

const names = (targets: readonly LockTarget[]) => targets.map(({lock}) => path.basename(lock));

test('the locks of the first start are those of its databases, by the folder of the program', t => {
	const folder = temporaryFolder(t);
	const targets = begun(folder, ['Data.fs']);
	t.deepEqual(names(targets), ['Data.fs.zeoctl-lock', 'program.lock']);
	t.is(path.dirname(targets[0]?.lock ?? ''), folder);
});

test('where a program is recorded, which may be alive, nothing is begun', t => {
	const folder = temporaryFolder(t);
	const runDirectory = path.join(folder, '.sock.d');
	mkdirSync(runDirectory);
	const identity = identifyProcess(process.pid);
	if (identity === undefined) return t.fail();
	writeProgramRecord(runDirectory, {...identity, argv: ['sleep'], startedAt: 0, lock: 'x'});
	t.deepEqual(begun(folder, []), []);
});

test('a folder that cannot be made is left to the start to explain', (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'file'), '');
	t.deepEqual(begun(folder, [], path.join(folder, 'file', 'sock')), []);
});
