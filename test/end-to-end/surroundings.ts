import {chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {skip} from '../helpers/python.js';
import {nobody, publicPlace, type Supervised, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {type Result, runCommand, zeoctlFile} from '../helpers/zeoctl.js';

/** Runs a line of a shell in which "$@" is the command with the conf. */
const inShell = (
	t: ExecutionContext<unknown>,
	{folder}: Supervised,
	line: string,
	env: Readonly<Record<string, string | undefined>> = {},
): Promise<Result> =>
	runCommand(
		t,
		['bash', '-c', line, 'bash', process.execPath, zeoctlFile, '-C', `${folder}/d.conf`],
		{cwd: folder, env},
	);

for (const [what, line] of [
	['all three descriptors closed', '"$@" start <&- >&- 2>&-'],
	['standard output closed', '"$@" start >&-'],
	['a reader that has gone', '"$@" start 2>&1 | true; exit "${PIPESTATUS[0]}"'],
	['a reader that takes nothing', '"$@" start | head -0; exit "${PIPESTATUS[0]}"'],
] as const) {
	test(`a start with ${what} starts the program`, async t => {
		const instance = supervised(t);
		const {exitCode, stderr} = await inShell(t, instance, line);
		t.is(exitCode, 0, stderr);
		const {pid, state} = await instance.status();
		t.is(state, 'running');
		const targets = [0, 1, 2].map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`));
		t.deepEqual(targets, ['/dev/null', ...Array(2).fill(instance.at('.sock.d/output'))]);
	});
}

test('a full standard output is an error, not a stack trace', async t => {
	const instance = supervised(t);
	const {exitCode, stderr} = await inShell(t, instance, '"$@" status > /dev/full');
	t.is(exitCode, 1);
	t.is(stderr, 'Error: cannot write to standard output: no space left on device\n');
	t.is((await inShell(t, instance, '"$@" status > /dev/full 2>&1')).exitCode, 1);
	const asJson = await inShell(t, instance, '"$@" status --json > /dev/full');
	t.is(asJson.exitCode, 1);
	t.is(asJson.stderr, stderr);
});

test('in a deleted folder absolute paths work and relative ones are missing', async t => {
	const instance = supervised(t, {runner: 'directory /'});
	const enter = 'mkdir gone; cd gone; rmdir ../gone;';
	const socket = `-s ${instance.socket}`;
	const start = await inShell(t, instance, `${enter} "$@" ${socket} start`);
	t.is(start.exitCode, 0, start.stderr);
	const status = await inShell(t, instance, `${enter} "$@" ${socket} status`);
	t.regex(status.stdout, /^program running; pid=\d+\n$/);
	const relative = await inShell(
		t,
		instance,
		`${enter} "$@" -C x.conf status; "$1" "$2" -C x.conf status`,
	);
	t.not(relative.exitCode, 0);
	t.regex(relative.stderr, /gone \(deleted\)\/x\.conf/);
	t.notRegex(relative.stderr, /^\s+at /m);
});

test('a program can be started from a deleted folder, in which it runs then', async t => {
	const instance = supervised(t);
	const enter = 'mkdir gone; cd gone; rmdir ../gone;';
	const start = await inShell(t, instance, `${enter} "$@" -s ${instance.socket} start`);
	t.is(start.exitCode, 0, start.stderr);
	t.is((await instance.run(['stop'])).exitCode, 0);
});

test('an environment without HOME and PATH, with odd names and zone, reaches the program', async t => {
	const instance = supervised(t);
	const odd = {
		HOME: undefined,
		TZ: ':no/such/zone',
		'A.B': '1',
		'X Y': '2',
		'a%b': '() { :; }',
	};
	const line = 'exec env -u PATH "$@" start';
	const {exitCode, stderr} = await inShell(t, instance, line, {
		...odd,
		NODE_OPTIONS: '--no-warnings',
	});
	t.is(exitCode, 0, stderr);
	const {pid} = await instance.status();
	const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
	for (const entry of ['TZ=:no/such/zone', 'A.B=1', 'X Y=2', 'a%b=() { :; }'])
		t.true(entries.includes(entry), entry);
	t.deepEqual(
		entries.filter(entry => /^(?:HOME|PATH|NODE_|ZEOCTL_REPORT|DAEMON_)/.test(entry)),
		[],
	);
});

test('in a folder that has been deleted nothing is made, and a person is not told to make it', async t => {
	const folder = path.join(temporaryFolder(t), 'gone');
	for (const action of ['start', 'status']) {
		const line = `mkdir '${folder}' && cd '${folder}' && rmdir '${folder}' && exec "$0" '${zeoctlFile}' -p 'sleep 60' ${action}`;
		const {stderr} = await runCommand(t, ['sh', '-c', line, process.execPath], {cwd: '/'});
		t.regex(stderr, /its folder '.*gone \(deleted\)' does not exist/, action);
		t.regex(stderr, /^next: this folder has been deleted: cd to another one$/m, action);
		t.false(existsSync(`${folder} (deleted)`));
	}
});

test('typing errors are named, with what was probably meant', async t => {
	const instance = supervised(t);
	for (const [args, said] of [
		[['strat'], /unknown action 'strat'; did you mean 'start'\?/],
		[['--deamon', 'start'], /option --deamon not recognized/],
		[['-b', 'ten', 'start'], /invalid value for -b 'ten'/],
		[[], /an action argument is required/],
		[['-C', 'other.conf', 'status'], /conflicting command line option '-C'/],
	] as const) {
		const {exitCode, stdout, stderr} = await instance.run(args);
		t.is(exitCode, 2);
		t.is(stdout, '');
		t.regex(stderr, said);
		t.regex(stderr, /\nFor help, use .+ -h\n$/);
	}
});

for (const [what, spoil, said] of [
	['missing', 'rm d.conf', /error opening file .*d\.conf.*No such file/],
	['a folder', 'rm d.conf; mkdir d.conf', /error opening file .*d\.conf.*Is a directory/],
	['empty', ': > d.conf', /Error: /],
] as const) {
	test(`a conf that is ${what} is a usage error that names it`, async t => {
		const instance = supervised(t);
		await runCommand(t, ['sh', '-c', spoil], {cwd: instance.folder});
		for (const action of ['status', 'start', 'check']) {
			const {exitCode, stdout, stderr} = await instance.run([action]);
			t.is(exitCode, 2, action);
			if (action !== 'check') t.regex(stderr, said);
			t.notRegex(stdout + stderr, /^\s+at /m);
		}
	});
}

test('a conf that may not be read is a usage error that names it', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const instance = supervised(t, place);
	chmodSync(instance.at('d.conf'), 0o600);
	const {exitCode, stderr} = await instance.run(['status'], nobody);
	t.is(exitCode, 2);
	t.regex(stderr, /error opening file .*d\.conf.*Permission denied/);
});

test('a socket path longer than the kernel allows works, one longer than a name does not', async t => {
	const instance = supervised(t);
	const folder = 'x'.repeat(120);
	mkdirSync(instance.at(folder));
	const {pid} = await instance.up('-s', `${folder}/sock`);
	const status = await instance.run(['-s', `${folder}/sock`, 'status']);
	t.is(status.stdout, `program running; pid=${pid}\n`);
	t.is((await instance.run(['-s', `${folder}/sock`, 'stop'])).exitCode, 0);
	for (const action of ['start', 'status']) {
		const {exitCode, stderr} = await instance.run(['-s', `${folder}y`, action]);
		t.is(exitCode, 4);
		t.regex(
			stderr,
			/its name is longer than a socket address allows\nnext: set a shorter socket-name/,
		);
	}
});

test('a directory that may not be entered is told, and the program runs where the caller was', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const instance = supervised(t, {...place, runner: 'user nobody\ndirectory ./locked'});
	chmodSync(place.folder, 0o777);
	mkdirSync(instance.at('locked'), {mode: 0o700});
	const {exitCode, stderr} = await instance.run(['start']);
	t.is(exitCode, 0);
	t.is(
		stderr,
		`can't chdir into '${instance.at('locked')}': permission denied
`,
	);
	const {pid} = await instance.status();
	t.is(readlinkSync(`/proc/${pid}/cwd`), instance.folder);
});

test('a script whose interpreter is missing is explained', async t => {
	const instance = supervised(t, {program: './program', runner: 'backoff-limit 1\ntranscript log'});
	instance.script('program', '#!/no/such/interpreter\n');
	const start = await instance.run(['start']);
	t.is(start.exitCode, 1);
	t.regex(start.stderr, /the interpreter \/no\/such\/interpreter of .*program does not exist/);
	t.regex(
		readFileSync(instance.at('log'), 'utf8'),
		/^can't exec '.*\/program': no such file or directory$/m,
	);
	const foreground = await instance.run(['fg']);
	t.is(foreground.exitCode, 127);
	t.regex(foreground.stderr, /its interpreter '\/no\/such\/interpreter' is not there/);
});

test('a transcript may be a named pipe that nobody reads', async t => {
	const instance = supervised(t, {runner: 'transcript pipe'});
	await runCommand(t, ['mkfifo', instance.at('pipe')]);
	const {pid} = await instance.up();
	t.is(readlinkSync(`/proc/${pid}/fd/1`), instance.at('pipe'));
	t.is((await instance.run(['stop'])).exitCode, 0);
});

test('a program, its supervisor and every answer survive a full disk', async t => {
	if (process.geteuid?.() !== 0) {
		skip(t, 'only root can mount a small file system');
		return;
	}
	const instance = supervised(t, {
		program: './program',
		runner: 'transcript tiny/log',
		sections: '<eventlog>\n<logfile>\npath tiny/event.log\n</logfile>\n</eventlog>\n',
	});
	mkdirSync(instance.at('tiny'));
	instance.script('program', '#!/bin/sh\nwhile :; do echo hello; sleep 0.1; done\n');
	const mount = 'mount -t tmpfs -o size=64k tmpfs tiny && head -c 100000 /dev/zero > tiny/ballast';
	const mounted = await runCommand(t, ['sh', '-c', `${mount}; mountpoint -q tiny`], {
		cwd: instance.folder,
	});
	if (mounted.exitCode !== 0) {
		skip(t, `cannot mount a small file system: ${mounted.stderr}`);
		return;
	}
	t.teardown(() => runCommand(t, ['umount', '--lazy', instance.at('tiny')]));
	const socket = ['-s', 'tiny/sock'];
	const {pid} = await instance.up(...socket);
	const status = await instance.run([...socket, 'status']);
	t.is(status.stdout, `program running; pid=${pid}\n`);
	writeFileSync(instance.at('tiny/ballast'), '');
	await waitFor('output', () => readFileSync(instance.at('tiny/log'), 'utf8').includes('hello\n'));
	t.is((await instance.run([...socket, 'stop'])).exitCode, 0);
});
