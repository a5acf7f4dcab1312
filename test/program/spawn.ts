import {closeSync, openSync, readFileSync, readlinkSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {ExitStatus} from '../../src/program/exit-report.js';
import {isGroupAlive} from '../../src/program/process-group.js';
import {type RunningProgram, type SpawnPlan, spawnProgram} from '../../src/program/spawn.js';

const start = async (t: ExecutionContext, script: string, more: Partial<SpawnPlan> = {}) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'zeoctl-spawn-'));
	const file = path.join(folder, 'out');
	const output = openSync(file, 'a');
	let report: (exit: ExitStatus & {groupAlive: boolean}) => void = () => undefined;
	const exit = new Promise<ExitStatus & {groupAlive: boolean}>(resolve => {
		report = resolve;
	});
	const program = await spawnProgram(
		{
			file: '/bin/sh',
			argv: ['sh', '-c', script],
			environment: {PATH: '/usr/bin:/bin'},
			output,
			...more,
		},
		report,
	);
	closeSync(output);
	t.teardown(async () => {
		program.signalGroup('SIGKILL');
		await rm(folder, {recursive: true});
	});
	return {program, exit, read: () => readFileSync(file, 'utf8'), folder};
};

test('the exit code is reported once', async t => {
	const {exit} = await start(t, 'exit 7');
	t.deepEqual(await exit, {code: 7, signal: null, groupAlive: false});
});

test('an end at once is told, and not before there is a program to tell it of', async t => {
	const plan = {file: '/bin/sleep', argv: ['ends at once', '60'], output: 'inherit'} as const;
	const killIt = (): void => {
		for (const pid of readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
			.split(' ')
			.filter(Boolean)) {
			if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('ends at once'))
				process.kill(Number(pid), 'SIGKILL');
		}
	};
	for (let round = 0; round < 10; round += 1) {
		let program: RunningProgram | undefined;
		const ended = new Promise<boolean>(resolve => {
			const starting = spawnProgram({...plan, environment: {}}, () =>
				resolve(program !== undefined),
			);
			killIt();
			void starting.then(started => {
				program = started;
			});
		});
		t.true(await ended);
	}
});

test('a death by signal is reported by name', async t => {
	const {exit} = await start(t, 'kill -9 $$');
	t.deepEqual(await exit, {code: null, signal: 'SIGKILL', groupAlive: false});
});

test('defect 12: standard input is /dev/null and no other descriptor is inherited', async t => {
	const leaked = openSync('/dev/zero', 'r');
	t.teardown(() => closeSync(leaked));
	const {exit, read} = await start(t, 'for f in /proc/self/fd/*; do readlink $f; done; echo');
	await exit;
	t.regex(read(), /^\/dev\/null\n/);
	t.false(read().includes('/dev/zero'));
});

test('defect 12: SIGPIPE and SIGXFSZ have their default action', async t => {
	const {exit, read} = await start(t, 'grep SigIgn /proc/self/status');
	await exit;
	t.is(read(), 'SigIgn:\t0000000000000000\n');
});

test('the program leads a session and process group of its own', async t => {
	const {program, exit, read} = await start(t, "cut -d' ' -f5,6 /proc/$$/stat");
	await exit;
	t.is(read(), `${program.pid} ${program.pid}\n`);
});

test('stdout and stderr go to the same file', async t => {
	const {exit, read} = await start(t, 'echo out; echo err >&2');
	await exit;
	t.is(read(), 'out\nerr\n');
});

test('the environment is the one of the plan, and nothing else', async t => {
	const {exit, read} = await start(t, 'env | grep -v ^PWD= | sort', {
		environment: {PATH: '/usr/bin:/bin', ANSWER: '42'},
	});
	await exit;
	t.is(read(), 'ANSWER=42\nPATH=/usr/bin:/bin\n');
});

test('a file that cannot be executed rejects with its path and the reason', async t => {
	await t.throwsAsync(start(t, '', {file: '/nowhere/program'}), {
		message: /^can't exec '\/nowhere\/program': no such file or directory$/,
	});
});

test('defect 16: children that outlive the leader are seen, signalled and waited for', async t => {
	const {program, exit} = await start(t, '(trap "" HUP; exec sleep 300) & exit 3');
	t.like(await exit, {code: 3, groupAlive: true});
	t.true(isGroupAlive(program.pid));
	program.signalGroup('SIGTERM');
	await program.groupGone();
	t.false(isGroupAlive(program.pid));
});

test('the name that the program sees as its own is the one of the conf', async t => {
	const {program, exit} = await start(t, 'read x; sleep 1', {argv: ['my name', '-c', 'sleep 300']});
	t.regex(readFileSync(`/proc/${program.pid}/cmdline`, 'latin1'), /^my name\0/);
	t.regex(readlinkSync(`/proc/${program.pid}/exe`), /sh$/);
	program.signalGroup('SIGKILL');
	await exit;
});
