import {lstatSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openInstance} from '../../src/cli/instance.js';
import type {Status} from '../../src/control/messages.js';
import {leaveSnapshots, runDirectoryOf} from '../../src/control/snapshot.js';
import {loadSettings} from '../../src/settings/load.js';
import {fakeSession, fakeSystem, reached} from '../helpers/fake-system.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** An instance whose supervisor, which this process plays, has left a snapshot. */
const prepare = (t: ExecutionContext, left: Partial<Status>) => {
	const cwd = temporaryFolder(t);
	const socketPath = path.join(cwd, 'sock');
	writeFileSync(socketPath, '');
	mkdirSync(runDirectoryOf(socketPath));
	leaveSnapshots({
		socketPath,
		socket: lstatSync(socketPath).ino,
		watch(listener) {
			listener({...runningStatus(), manager: process.pid, pid: process.pid, ...left});
			return () => undefined;
		},
		after: () => () => undefined,
	});
	const system = fakeSystem([], {contact: reached(fakeSession(runningStatus({pid: 222})))});
	const overrides = {program: ['sleep', '100'], socketName: socketPath};
	const settings = loadSettings({overrides, environment: {}, cwd});
	const instance = openInstance({system, settings, environment: {}, warn: () => undefined});
	return {instance, system, socketPath};
};

test('of a program that runs by the snapshot nothing is asked before the first request', async t => {
	const {instance, system, socketPath} = prepare(t, {});
	t.like(await instance.reachRunning(), {status: {pid: process.pid}});
	t.deepEqual(system.deeds, [`connect ${socketPath}, JSON`]);
});

test('any other state is asked for', async t => {
	const {instance, system, socketPath} = prepare(t, {state: 'starting'});
	t.like(await instance.reachRunning(), {status: {pid: 222}});
	t.like(await instance.reach(), {status: {pid: 222}});
	t.deepEqual(system.deeds, [`connect ${socketPath}`, `connect ${socketPath}`]);
});
