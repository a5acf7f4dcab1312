import {appendFileSync, chmodSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {skip, testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, startZeoctl, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

const folderWith = (
	t: ExecutionContext<unknown>,
	files: Readonly<Record<string, string>>,
): string => {
	const folder = temporaryFolder(t);
	for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
	return folder;
};
const runner = (...lines: readonly string[]): string =>
	`<runner>\n${lines.join('\n')}\n</runner>\n`;

test('foreground gives the program the terminal’s place: input, folder, environment, status', async t => {
	const cwd = folderWith(t, {
		'd.conf': `${runner('program sh run.sh', 'directory /tmp')}<environment>\nNAME value\n</environment>\n`,
		'run.sh': 'read line; echo "$line $NAME $1"; pwd; exit 5',
	});
	const ended = await zeoctl(t, ['-C', 'd.conf', 'fg', 'two words'], {cwd, input: 'hello\n'});
	t.deepEqual(ended, {
		stdout: `sh run.sh two words\nhello value two words\n${cwd}\n`,
		stderr: '',
		exitCode: 5,
		signal: null,
	});
});

for (const [signal, code] of [
	['SIGTERM', 143],
	['SIGINT', 130],
	['SIGHUP', 129],
] as const) {
	test(`foreground hands ${signal} on and ends as the program does`, async t => {
		const cwd = folderWith(t, {'d.conf': runner('program sleep 60')});
		const running = startZeoctl(t, ['-C', 'd.conf', 'fg'], {cwd});
		await waitFor('the command line', () => running.stdout().includes('sleep 60'));
		await waitFor('the program', () => childrenOf(running.pid).length > 0);
		running.kill(signal);
		t.like(await running.result, {exitCode: code, signal: null});
	});
}

test('a program that cannot be run in the foreground is exit status 127', async t => {
	const cwd = folderWith(t, {'d.conf': runner('program ./plain'), plain: 'no'});
	t.like(await zeoctl(t, ['-C', 'd.conf', 'fg'], {cwd}), {
		stdout: './plain\n',
		stderr: `Error: cannot run './plain': permission denied\nnext: chmod +x ${path.join(cwd, 'plain')}\n`,
		exitCode: 127,
	});
	t.like(await zeoctl(t, ['-p', 'no-such-program-here', 'fg'], {cwd}), {
		stderr: "Error: cannot run 'no-such-program-here': no such program\n",
		exitCode: 127,
	});
});

test('what may not be executed on PATH is not found in the foreground, as with start', async t => {
	const cwd = folderWith(t, {'no-such-program-here': 'no'});
	const env = {PATH: `${cwd}:${process.env['PATH']}`};
	const {stderr, exitCode} = await zeoctl(t, ['-p', 'no-such-program-here', 'fg'], {cwd, env});
	t.is(exitCode, 127);
	t.regex(stderr, /^Error: can't find program 'no-such-program-here' on PATH/);
	t.regex(stderr, /\nnext: set 'program' to the full path of /);
});

test('two starts at the same moment are one start', async t => {
	const cwd = folderWith(t, {'d.conf': runner('program sleep 60')});
	const all = await Promise.all([1, 2, 3].map(() => zeoctl(t, ['-C', 'd.conf', 'start'], {cwd})));
	const pids = all.map(({stdout}) => /pid=(\d+)\n$/.exec(stdout)?.[1]);
	t.deepEqual(
		all.map(({exitCode, stderr}) => ({exitCode, stderr})),
		all.map(() => ({exitCode: 0, stderr: ''})),
	);
	t.is(new Set(pids).size, 1);
	t.is((await zeoctl(t, ['-C', 'd.conf', 'stop'], {cwd})).exitCode, 0);
});

test('logtail ends when nobody reads any more', async t => {
	const cwd = folderWith(t, {log: 'one\ntwo\n'});
	const pipeline = `${zeoctlCommand()} -p x logtail log | head -n 1`;
	// It is seen when the next line comes, however late the command was.
	const lines = '(while sleep 0.5; do echo three >> log; done) > /dev/null 2>&1 &';
	const running = runCommand(t, ['sh', '-c', `${lines} ${pipeline}; kill $!`], {cwd});
	t.like(await running, {stdout: 'one\n', exitCode: 0});
});

test('a reader that is gone is no error of a command', async t => {
	const ended = await runCommand(t, ['sh', '-c', `${zeoctlCommand()} -h | true`]);
	t.like(ended, {stderr: '', exitCode: 0});
});

test('root becomes the configured user, with its home and groups, and gives it its folders', async t => {
	if (process.geteuid?.() !== 0) return skip(t, 'only root can become another user');
	const base = temporaryFolder(t);
	const cwd = path.join(base, 'open');
	mkdirSync(cwd);
	letIn(base);
	const conf = runner(
		'program sh -c "id -u > id; id -G >> id; echo $$HOME >> id; exec sleep 60"',
		'user nobody',
		`directory ${cwd}/work`,
		`socket-name ${cwd}/run/sock`,
	);
	writeFileSync(path.join(cwd, 'd.conf'), conf);
	const started = await zeoctl(t, ['-C', 'd.conf', 'start'], {cwd, env: {HOME: '/root'}});
	t.is(started.exitCode, 0, started.stderr);
	const id = path.join(cwd, 'work/id');
	await waitFor('the program’s words', () => readIfThere(id).split('\n').length === 4);
	const [uid = '', groups = '', home] = readFileSync(id, 'utf8').split('\n');
	const account = (await runCommand(t, ['getent', 'passwd', 'nobody'])).stdout.trim().split(':');
	t.is(uid, account[2] ?? '');
	t.deepEqual(groups.split(' '), [account[3] ?? '']);
	t.is(home ?? '', account[5] ?? '');
	for (const folder of ['work', 'run']) t.is(String(statSync(path.join(cwd, folder)).uid), uid);
	t.is(String(statSync(path.join(cwd, 'run/sock')).uid), uid);
	const status = await zeoctl(t, ['-C', 'd.conf', 'status'], {cwd});
	t.regex(status.stdout, /^program running/);
	t.is((await zeoctl(t, ['-C', 'd.conf', 'stop'], {cwd})).exitCode, 0);
});

test('the program is looked for on the PATH of the <environment>', async t => {
	const cwd = folderWith(t, {
		'own-sleep': '#!/bin/sh\nexec sleep 60\n',
		'd.conf': runner('program own-sleep'),
	});
	chmodSync(path.join(cwd, 'own-sleep'), 0o755);
	const section = `<environment>\n  PATH ${cwd}:/usr/bin:/bin\n</environment>\n`;
	appendFileSync(path.join(cwd, 'd.conf'), section);
	const start = await zeoctl(t, ['-C', 'd.conf', 'start'], {cwd});
	t.is(start.exitCode, 0, start.stderr);
	t.is((await zeoctl(t, ['-C', 'd.conf', 'stop'], {cwd})).exitCode, 0);
});

test('defect 3: another user is told that he may not, not that nothing runs', async t => {
	if (process.geteuid?.() !== 0) return skip(t, 'needs two users');
	const cwd = folderWith(t, {'d.conf': runner('program sleep 60')});
	letIn(cwd);
	t.is((await zeoctl(t, ['-C', 'd.conf', 'start'], {cwd})).exitCode, 0);
	const other = {cwd, uid: 65_534, gid: 65_534};
	const status = await zeoctl(t, ['-C', 'd.conf', 'status'], other);
	t.is(status.exitCode, 4);
	t.is(status.stdout, '');
	t.regex(status.stderr, /belongs to root, this is nobody/);
	const start = await zeoctl(t, ['-C', 'd.conf', 'start'], other);
	t.is(start.exitCode, 4);
	t.regex((await zeoctl(t, ['-C', 'd.conf', 'status'], {cwd})).stdout, /^program running/);
	await zeoctl(t, ['-C', 'd.conf', 'stop'], {cwd});
});

test('an old manager and we understand each other', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const cwd = folderWith(t, {'d.conf': runner('program sleep 60')});
	const old = (...words: readonly string[]) =>
		runCommand(t, [python, '-m', 'zdaemon', '-C', 'd.conf', ...words], {cwd});
	const ours = (...words: readonly string[]) => zeoctl(t, ['-C', 'd.conf', ...words], {cwd});

	t.is((await old('start')).exitCode, 0);
	const pid = /pid=(\d+)/.exec((await ours('status')).stdout)?.[1];
	t.truthy(pid);
	t.is((await ours('start')).stdout, `daemon process already running; pid=${pid}\n`);
	t.regex((await ours('restart')).stdout, /\ndaemon process restarted, pid=\d+\n$/);
	t.is((await ours('reopen_transcript')).exitCode, 0);
	t.like(JSON.parse((await ours('status', '--json')).stdout), {
		state: 'running',
		protocol: 'text',
		restarts: null,
	});
	t.regex((await ours('stop')).stdout, /\ndaemon process stopped\n$/);
	t.is((await ours('status')).exitCode, 3);

	t.is((await ours('start')).exitCode, 0);
	t.regex((await old('status', '-l')).stdout, /^program running; pid=\d+\nstatus=running\n/);
	t.regex((await old('stop')).stdout, /\ndaemon process stopped\n$/);
});

const zeoctlCommand = (): string => `${process.execPath} ${path.resolve('dist/zeoctl.cjs')}`;

/** A folder that any user may enter. */
const letIn = (folder: string): void => {
	chmodSync(folder, 0o755);
};

const readIfThere = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};

const childrenOf = (pid: number): string[] =>
	readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);

test('a conf may come from a pipe, also where it has mistakes', async t => {
	const cwd = folderWith(t, {});
	const from = (conf: string, action: string) => {
		writeFileSync(path.join(cwd, 'd.conf'), conf);
		const line = `cat d.conf | ${process.execPath} ${zeoctlFile} -C /dev/stdin ${action}`;
		return runCommand(t, ['sh', '-c', line], {cwd});
	};
	const good = runner(`program sleep 60`, `socket-name ${cwd}/zdsock`);
	t.like(await from(good, 'check'), {
		stdout: 'no errors, no warnings in /dev/stdin\n',
		exitCode: 0,
	});
	t.regex((await from(good, 'doctor')).stdout, /ok +mistakes +\/dev\/stdin: no errors/);
	const bad = `${good}<pack>\nschedule every day\n</pack>\n`;
	const {stdout} = await from(bad, 'doctor');
	t.regex(stdout, /error +mistakes +\/dev\/stdin:6: not a valid cron expression/);
	t.regex(stdout, /ok +executable /);
});
