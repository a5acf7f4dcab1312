import {chmodSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {skip, testPython} from '../helpers/python.js';
import {nobody, publicPlace, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, zeoctl} from '../helpers/zeoctl.js';

type Account = {readonly name: string; readonly uid: number; readonly gid: number};

/** An account with a primary group, two groups more and a home, gone with the test; undefined where that cannot be. */
const makeAccount = async (t: ExecutionContext<unknown>): Promise<Account | undefined> => {
	const name = `zt${process.pid.toString(36)}${Math.floor(Math.random() * 46_656).toString(36)}`;
	const script = `set -e
groupadd ${name}a; groupadd ${name}b
useradd --user-group --groups ${name}a,${name}b --home-dir /srv/${name} --no-create-home ${name}
id -u ${name}; id -g ${name}`;
	const undo = `userdel ${name}; groupdel ${name}a; groupdel ${name}b; groupdel ${name}; true`;
	t.teardown(() => runCommand(t, ['sh', '-c', `${undo} 2>&1`]));
	const made = await runCommand(t, ['sh', '-c', script]);
	if (made.exitCode !== 0) {
		skip(t, `cannot make an account: ${made.stderr}`);
		return undefined;
	}
	const [uid = 0, gid = 0] = made.stdout.trim().split('\n').map(Number);
	return {name, uid, gid};
};

const fields = (pid: number): Readonly<Record<string, string>> =>
	Object.fromEntries(
		readFileSync(`/proc/${pid}/status`, 'utf8')
			.split('\n')
			.map(line => line.split(':\t'))
			.map(([key = '', value = '']) => [key, value.trim()]),
	);

test.serial(
	'the program runs as the user with all of its groups, and everything belongs to it',
	async t => {
		const place = await publicPlace(t);
		const account = place && (await makeAccount(t));
		if (!place || !account) return;
		const {name, uid, gid} = account;
		const instance = supervised(t, {
			...place,
			program: './program',
			runner: `user ${name}\ndirectory ./work`,
		});
		instance.script('program', '#!/bin/sh\nid -G > groups\nid -un >> groups\nexec sleep 600\n');
		const flags = ['-s', 'run/sock', '-t', 'log'];
		const {pid, manager} = await instance.up(...flags);
		await waitFor('its groups', () =>
			readFileSync(instance.at('work/groups'), 'utf8').includes(name),
		);

		const known = (await runCommand(t, ['id', '-G', name])).stdout.trim();
		t.is(known.split(' ').length, 3);
		for (const process of [pid, manager]) {
			const {Uid, Gid, Groups = ''} = fields(process);
			t.is(Uid, Array(4).fill(uid).join('\t'));
			t.is(Gid, Array(4).fill(gid).join('\t'));
			t.deepEqual(Groups.split(' ').toSorted(), known.split(' ').toSorted());
		}
		const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
		for (const entry of [`HOME=/srv/${name}`, `USER=${name}`, `LOGNAME=${name}`])
			t.true(entries.includes(entry), entry);
		for (const file of ['work', 'work/log', 'run', 'run/sock', 'run/.sock.d']) {
			const stats = lstatSync(instance.at(file));
			t.deepEqual({uid: stats.uid, gid: stats.gid}, {uid, gid}, file);
		}

		const own = {uid, gid};
		t.regex((await instance.run([...flags, 'status'], own)).stdout, /^program running/);
		t.is((await instance.run([...flags, 'stop'], own)).exitCode, 0);
	},
);

// The original changes user before any action; then its groups are those that its program would have.
const becomeAsTheOriginal = `
import os
from zdaemon.zdctl import ZDCmd, ZDCtlOptions
options = ZDCtlOptions()
options.realize(['-C', 'd.conf', 'status'])
ZDCmd(options)
print(*sorted({str(group) for group in [os.getegid(), *os.getgroups()]}), sep='\\n')
`;

test.serial('the program gets the groups that the original gives it', async t => {
	const python = testPython(t);
	const place = python === undefined ? undefined : await publicPlace(t);
	const account = place && (await makeAccount(t));
	if (python === undefined || !place || !account) return;
	chmodSync(place.folder, 0o777);
	const instance = supervised(t, {
		...place,
		program: './program',
		runner: `user ${account.name}\numask 0`,
	});
	instance.script('program', '#!/bin/sh\nid -G | tr " " "\\n" | sort > "$1"\nexec sleep 600\n');
	const read = (name: string): Promise<string> =>
		waitFor(name, () => {
			try {
				return readFileSync(instance.at(name), 'utf8');
			} catch {
				return undefined;
			}
		});
	t.is((await instance.run(['start', 'ours'])).exitCode, 0);
	const ours = await read('ours');
	t.is((await instance.run(['stop'])).exitCode, 0);

	const theirs = await runCommand(t, [python, '-c', becomeAsTheOriginal], {cwd: instance.folder});
	t.is(theirs.stdout, ours, theirs.stderr);
});

test.serial('a group that has gone since is no reason to stay root', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	chmodSync(place.folder, 0o777);
	const instance = supervised(t, {...place, runner: 'user 65534'});
	const {pid} = await instance.up();
	t.is(fields(pid).Uid, Array(4).fill(65_534).join('\t'));
	t.false(fields(pid).Groups?.split(' ').includes('0'));
});

test('socket-group opens the control socket to a group, and to nobody else', async t => {
	const folder = temporaryFolder(t);
	const conf = path.join(folder, 'd.conf');
	const group = String(process.getegid?.() ?? 0);
	writeFileSync(
		conf,
		`<runner>\n  program sleep 600\n</runner>\n<zeoctl>\n  socket-group ${group}\n</zeoctl>\n`,
	);
	const start = await zeoctl(t, ['-C', conf, 'start'], {cwd: folder});
	t.is(start.exitCode, 0, start.stderr);
	const socket = statSync(path.join(folder, 'zdsock'));
	t.is(socket.mode & 0o777, 0o770);
	t.is(socket.gid, Number(group));
	await zeoctl(t, ['-C', conf, 'stop'], {cwd: folder});
});

test('a socket-group that nobody knows refuses the start and is named', async t => {
	const folder = temporaryFolder(t);
	const conf = path.join(folder, 'd.conf');
	writeFileSync(
		conf,
		'<runner>\n  program sleep 600\n</runner>\n<zeoctl>\n  socket-group no-such-group-here\n</zeoctl>\n',
	);
	const start = await zeoctl(t, ['-C', conf, 'start'], {cwd: folder});
	t.not(start.exitCode, 0);
	t.regex(start.stderr, /no-such-group-here.*no such group/);
});

test('who may not look into the run state is told so, and by which command root may', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const {folder, command} = place;
	const conf = path.join(folder, 'z.conf');
	writeFileSync(
		conf,
		`<runner>\nprogram sleep 600\nsocket-name ${folder}/s\n</runner>\n<mail>\nto a@example.org\nserver localhost\n</mail>\n`,
	);
	chmodSync(conf, 0o644);
	const state = path.join(folder, '.s.d');
	mkdirSync(path.join(state, 'outbox'), {recursive: true});
	writeFileSync(path.join(state, 'history'), '');
	chmodSync(state, 0o700);
	for (const words of [
		['history'],
		['report'],
		['pack', 'history'],
		['mail', 'queue'],
		['mail', 'flush'],
	]) {
		const {exitCode, stderr} = await runCommand(
			t,
			[process.execPath, command, '-C', conf, ...words],
			{cwd: folder, ...nobody},
		);
		t.is(exitCode, 4, stderr);
		t.regex(
			stderr,
			/^Error: cannot (?:read the history|use the outbox)[^\n]*permission denied[^\n]*\nnext: /,
		);
		t.true(stderr.endsWith(`next: sudo ${command} -C ${conf} ${words.join(' ')}\n`), stderr);
	}
});

test.serial(
	'what root is told of the folder of a socket works for the user of the conf, and runs nothing as root',
	async t => {
		const place = await publicPlace(t);
		if (!place) return;
		const {folder, command} = place;
		const conf = path.join(folder, 'z.conf');
		const run = path.join(folder, 'run');
		writeFileSync(
			conf,
			`<runner>\nprogram sleep 600\nsocket-name ${run}/s\nuser nobody\n</runner>\n`,
		);
		const zeoctlDoes = (...words: string[]) =>
			runCommand(t, [process.execPath, command, '-C', conf, ...words], {cwd: folder});
		const nextOf = ({stderr}: {readonly stderr: string}) => /^next: (.*)$/m.exec(stderr)?.[1];
		t.is(nextOf(await zeoctlDoes('status')), `${command} -C ${conf} start`);

		mkdirSync(run);
		const refused = await zeoctlDoes('start');
		t.is(refused.exitCode, 4, refused.stderr);
		t.is(nextOf(refused), `chown nobody ${run}`);
		writeFileSync(path.join(run, 'other'), '');
		t.is(nextOf(await zeoctlDoes('status')), undefined);
		t.is(nextOf(await zeoctlDoes('start')), `chown nobody ${run}`);
		await runCommand(t, ['chown', 'nobody', run]);
		const started = await zeoctlDoes('start');
		t.is(started.exitCode, 0, started.stderr);
		t.is(statSync(path.join(run, 's')).uid, nobody.uid);
		t.is((await zeoctlDoes('stop')).exitCode, 0);
	},
);

test('who may not make the folder of a socket is told how root makes it for them', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const {folder, command} = place;
	const run = path.join(folder, 'run');
	for (const action of ['status', 'start']) {
		const words = ['-p', 'sleep 600', '-s', `${run}/s`, action];
		const {stderr} = await runCommand(t, [process.execPath, command, ...words], {
			cwd: folder,
			...nobody,
		});
		t.regex(stderr, new RegExp(`\nnext: sudo install -d -o nobody ${run}\n$`), action);
	}
});

test.serial(
	'check asked by root finds what the user of the conf may not do, as a start would',
	async t => {
		const place = await publicPlace(t);
		if (!place) return;
		const instance = supervised(t, {
			...place,
			program: './program',
			runner: 'user nobody\ntranscript log',
		});
		instance.script('program', '#!/bin/sh\nexec sleep 600\n');
		chmodSync(instance.at('program'), 0o700);
		const {exitCode, stdout} = await instance.run(['check', '--json']);
		t.is(exitCode, 0);
		const messages = JSON.parse(stdout).findings.map(({message}: {message: string}) => message);
		t.is(messages.length, 3, stdout);
		t.regex(
			messages[0],
			/^cannot use the control socket .*: the folder .* belongs to root, this is nobody$/,
		);
		t.regex(messages[1], /^no permission to run program/);
		t.regex(messages[2], /^cannot open the transcript .*: permission denied$/);
		t.not((await instance.run(['start'])).exitCode, 0);
	},
);
