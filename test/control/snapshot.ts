import {lstatSync, mkdirSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Status} from '../../src/control/messages.js';
import {leaveSnapshots, readSnapshot, runDirectoryOf} from '../../src/control/snapshot.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** This process plays the supervisor as well as its program, and a plain file the socket. */
const prepare = (t: ExecutionContext) => {
	const socketPath = path.join(temporaryFolder(t), 'sock');
	writeFileSync(socketPath, '');
	mkdirSync(runDirectoryOf(socketPath));
	const live = {...runningStatus(), manager: process.pid};
	let write: (status: Status) => void = () => undefined;
	let callback: (() => void) | undefined;
	const {close} = leaveSnapshots({
		socketPath,
		socket: lstatSync(socketPath).ino,
		watch(listener) {
			write = listener;
			return () => undefined;
		},
		after(_ms, call) {
			callback = call;
			return () => {
				callback = undefined;
			};
		},
	});
	return {
		read: () => readSnapshot(socketPath)?.state,
		write,
		/** The socket file is deleted, and another supervisor has begun. */
		replace() {
			writeFileSync(`${socketPath}.new`, '');
			renameSync(`${socketPath}.new`, socketPath);
			leaveSnapshots({
				socketPath,
				socket: lstatSync(socketPath).ino,
				watch(listener) {
					listener({...live, state: 'starting', pid: process.pid});
					return () => undefined;
				},
				after: () => () => undefined,
			});
		},
		/** The time is over after which a state is not a passing one any more. */
		elapse: () => callback?.(),
		close,
		running: {...live, pid: process.pid},
		stopping: {...live, state: 'stopping', pid: process.pid},
		starting: {...live, state: 'starting', pid: null},
		backoff: {...live, state: 'backoff', pid: null},
		// No process has this number.
		ended: {...live, pid: 2 ** 30},
	} as const;
};

test('each status that lasts is left for clients', t => {
	const {read, write, elapse, running, backoff, starting} = prepare(t);
	t.is(read(), undefined);
	write(running);
	t.is(read(), 'running');
	write(backoff);
	elapse();
	t.is(read(), 'backoff');
	write(starting);
	t.is(read(), 'starting', 'the last one would still be believed');
});

test('between two lives of a program nothing is left, and nobody believes what was', t => {
	const {read, write, ended, starting, running} = prepare(t);
	write(starting);
	t.is(read(), undefined, 'a supervisor that begins');
	write(ended);
	t.is(read(), undefined);
	write(starting);
	t.is(read(), undefined);
	write(running);
	t.is(read(), 'running');
});

test('a status that is not believed has not replaced the last one', t => {
	const {read, write, running, starting} = prepare(t);
	write(running);
	write(starting);
	t.is(read(), 'running', 'this program lives');
});

test('a state on the way to another one is left only when it lasts', t => {
	const {read, write, elapse, running, stopping, backoff} = prepare(t);
	write(running);
	write(stopping);
	t.is(read(), 'running');
	elapse();
	t.is(read(), 'stopping');
	write(running);
	write(backoff);
	write(running);
	elapse();
	t.is(read(), 'running');
});

test('nothing is left after the end', t => {
	const {read, write, elapse, close, running, stopping} = prepare(t);
	write(running);
	write(stopping);
	close();
	elapse();
	t.is(read(), 'running');
});

test('once another supervisor has the socket, the status that it has left stays', t => {
	const {read, write, replace, running} = prepare(t);
	write(running);
	replace();
	write({...running, state: 'backoff'});
	t.is(read(), 'starting');
});
