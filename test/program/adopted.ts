import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {takeLocks} from '../../src/guard/lock.js';
import {adoptProgram} from '../../src/program/adopted.js';
import type {ExitStatus} from '../../src/program/exit-report.js';
import {identifyProcess, type ProcessIdentity} from '../../src/program/program-record.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

type Exit = ExitStatus & {readonly groupAlive: boolean};

/** A process with a lock, started by somebody else: `script` runs in a shell that nobody here waits for. */
const begin = async (t: ExecutionContext, script: string) => {
	const folder = temporaryFolder(t);
	const lock = path.join(folder, 'lock');
	const result = await takeLocks([{lock, shared: false}]);
	if (result.result !== 'locked') throw new Error(result.result);
	const pidFile = path.join(folder, 'pid');
	spawn('sh', ['-c', `setsid sh -c 'echo $$ > ${pidFile}; ${script}' &`], {
		stdio: ['ignore', 'ignore', 'ignore', ...result.locks.descriptors],
	});
	result.locks.close();
	const pid = await waitFor('the pid', () => {
		try {
			return Number(readFileSync(pidFile, 'utf8'));
		} catch {
			return undefined;
		}
	});
	t.teardown(() => {
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {}
	});
	const program = identifyProcess(pid);
	if (program === undefined) throw new Error('gone');
	return {lock, pid, program};
};

const adopt = (lock: string, program: ProcessIdentity, endedInOrder = () => false) => {
	let report: (exit: Exit) => void = () => undefined;
	const exit = new Promise<Exit>(resolve => {
		report = resolve;
	});
	return {adopted: adoptProgram({program, lock, endedInOrder}, report), exit};
};

test('the end of an adopted program is noticed at once, and its status is not known', async t => {
	const {lock, pid, program} = await begin(t, 'exec sleep 100');
	const {exit} = adopt(lock, program);
	await sleep(300);
	const killed = performance.now();
	process.kill(pid, 'SIGKILL');
	t.deepEqual(await exit, {code: null, signal: null, observed: false, groupAlive: false});
	t.true(performance.now() - killed < 2000);
});

test('a program that says that it ends in order has ended with 0', async t => {
	const {lock, program} = await begin(t, 'exec sleep 100');
	const {adopted, exit} = adopt(lock, program, () => true);
	adopted.signalGroup('SIGTERM');
	t.like(await exit, {code: 0, observed: false});
	await adopted.groupGone();
});

test('a program that has closed the lock is followed all the same', async t => {
	const {lock, pid, program} = await begin(t, 'exec 3>&-; exec sleep 100');
	const {exit} = adopt(lock, program);
	await sleep(200);
	process.kill(pid, 'SIGKILL');
	t.like(await exit, {code: null, observed: false});
});

test('helpers that outlive an adopted leader are told, although they keep the lock', async t => {
	const {lock, pid, program} = await begin(t, 'sleep 100 & exec sleep 100');
	process.kill(pid, 'SIGKILL');
	const {adopted, exit} = adopt(lock, program);
	t.true((await exit).groupAlive);
	adopted.signalGroup('SIGKILL');
	await adopted.groupGone();
	t.pass();
});

test('no signal reaches a process that has only the pid of the program', async t => {
	const {lock, pid, program} = await begin(t, 'exec sleep 100');
	const {adopted} = adopt(lock, {...program, startTicks: program.startTicks - 1});
	adopted.signalGroup('SIGKILL');
	await sleep(100);
	t.notThrows(() => process.kill(pid, 0));
});

test('a file of locks that cannot be waited for is no reason to lose the program', async t => {
	const {pid, program} = await begin(t, 'exec sleep 100');
	const {exit} = adopt('/nowhere/lock', program);
	await sleep(200);
	process.kill(pid, 'SIGKILL');
	t.like(await exit, {observed: false});
});
