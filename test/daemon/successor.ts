import {execFileSync} from 'node:child_process';
import {closeSync, openSync, readdirSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {startSuccessor} from '../../src/daemon/successor.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

/** A start of a successor that fails for this reason, and leaves nothing open. */
const fails = async (
	t: ExecutionContext,
	reason: RegExp,
	{
		command = ['true'],
		environment = {},
	}: {readonly command?: readonly [string]; readonly environment?: Record<string, string>},
): Promise<void> => {
	const runDirectory = temporaryFolder(t);
	const countOpen = (): number => readdirSync('/proc/self/fd').length;
	const before = countOpen();
	await t.throwsAsync(
		async () =>
			startSuccessor({
				invocation: {command, flags: [], cwd: '/', environment},
				programArguments: [],
				order: '{}',
				predecessor: {manager: 1, program: 2, socketPath: '/s', socket: 3},
				runDirectory,
				channel: undefined,
			}),
		{code: 'RELOAD_FAILED', message: reason},
	);
	await waitFor('the end of the pipe', () => countOpen() === before);
	t.deepEqual(readdirSync(runDirectory), []);
};

test.serial('a successor that cannot be executed is told by its reason', async t => {
	await fails(t, /the new supervisor does not start: no such file/, {command: ['/nonexistent']});
});

test.serial('so is one whose environment is too large', async t => {
	const environment = {LARGE: 'x'.repeat(200_000)};
	await fails(t, /the new supervisor does not start: argument list too long/, {environment});
});

test.serial('so is one for which no descriptor is free', async t => {
	const opened: number[] = [];
	const used = readdirSync('/proc/self/fd').map(Number);
	const limit = Math.max(...used) + 20;
	execFileSync('prlimit', [`--pid=${process.pid}`, `--nofile=${limit}:`]);
	try {
		for (;;) opened.push(openSync('/dev/null', 'r'));
	} catch {
		// There is room for the file of its errors and for a look at what is open.
		for (const fd of opened.splice(-2)) closeSync(fd);
	}
	try {
		await fails(t, /the new supervisor does not start: too many open files/, {});
	} finally {
		for (const fd of opened) closeSync(fd);
	}
});
