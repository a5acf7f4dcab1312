import {once} from 'node:events';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {connect} from 'node:net';
import test from 'ava';
import {readSnapshot} from '../../src/control/snapshot.js';
import {isUp} from '../helpers/guarded.js';
import {makeStaleSocket} from '../helpers/stale-socket.js';
import {nobody, publicPlace, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, startCommand, zeoctlFile} from '../helpers/zeoctl.js';

/** What the supervisor answers to some bytes. */
const say = async (socketPath: string, bytes: Uint8Array | string): Promise<string> => {
	const socket = connect(socketPath);
	let text = '';
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
	});
	socket.on('error', () => undefined).end(bytes);
	await once(socket, 'close');
	return text;
};

test('defect 2: bytes that are no request change nothing', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	const requests = [
		Buffer.from([0xff, 0xfe, 0x0a]),
		Buffer.from('stop\xff\n', 'latin1'),
		'kill 99999999999999999999\n',
		'kill -1\n',
		'kill 1e9\n',
		`${'x'.repeat(20_000)}\n`,
		'{"hello": 99}\n',
		'{\n',
		'\0\n',
		'',
		'status',
	];
	for (const request of requests) await say(instance.socket, request);
	t.like(await instance.status(), {state: 'running', pid, manager});
});

test('defect 3: a socket that may not be used is not "not running"', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	const {ino} = lstatSync(instance.socket);
	// For root, who may use every socket, another user asks.
	const place = process.geteuid?.() === 0 ? await publicPlace(t) : undefined;
	if (process.geteuid?.() === 0 && !place) return;
	if (!place) chmodSync(instance.socket, 0);
	// Its owner could read the status that is kept there.
	if (!place) chmodSync(instance.at('.sock.d'), 0);
	chmodSync(instance.folder, 0o777);
	const asker = place && supervised(t, {folder: instance.folder, command: place.command});
	for (const action of [
		'status',
		'start',
		'stop',
		'restart',
		'wait',
		'kill',
		'reopen_transcript',
	]) {
		const {exitCode, stdout, stderr} = await (asker ?? instance).run([action], asker ? nobody : {});
		t.is(exitCode, 4, `${action}: ${stdout}${stderr}`);
		t.is(stdout, '', action);
		t.regex(stderr, /^Error: cannot use the control socket .* belongs to \w+/, action);
	}
	t.is(lstatSync(instance.socket).ino, ino);
	chmodSync(instance.socket, 0o700);
	chmodSync(instance.at('.sock.d'), 0o700);
	t.like(await instance.status(), {pid, manager});
});

for (const [kind, put] of [
	['file', (path: string) => writeFileSync(path, 'precious')],
	['folder', (path: string) => mkdirSync(path)],
	['symbolic link', (path: string) => symlinkSync('/nowhere/at/all', path)],
] as const) {
	test(`defect 4: a ${kind} in place of the socket is refused, and stays`, async t => {
		const instance = supervised(t);
		put(instance.socket);
		const before = lstatSync(instance.socket);
		const {exitCode, stderr} = await instance.run(['start']);
		t.is(exitCode, 4);
		t.true(stderr.includes(`a ${kind} is in its place\nnext: move it away`), stderr);
		const after = lstatSync(instance.socket);
		t.is(after.ino, before.ino);
		if (after.isFile()) t.is(readFileSync(instance.socket, 'utf8'), 'precious');
	});
}

test('defect 4: a named pipe in place of the socket is refused, and nobody waits for its reader', async t => {
	const instance = supervised(t);
	await runCommand(t, ['mkfifo', instance.socket]);
	for (const action of ['start', 'status', 'stop']) {
		const {exitCode, stderr} = await instance.run([action]);
		t.is(exitCode, 4, action);
		t.regex(stderr, /a named pipe is in its place/);
	}
	t.true(lstatSync(instance.socket).isFIFO());
});

test('defect 7: a supervisor that does not answer is told from one that is gone', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	process.kill(manager, 'SIGSTOP');
	for (const action of ['status', 'stop', 'start']) {
		const {exitCode, stdout, stderr} = await instance.run([action]);
		t.is(exitCode, 4, `${action}: ${stdout}`);
		t.regex(
			stderr,
			new RegExp(`process ${manager} is stopped by a signal\nnext: kill -CONT ${manager}`),
		);
	}
	process.kill(manager, 'SIGCONT');
	await waitFor('the answer', async () => (await instance.status()).pid === pid);
	t.is((await instance.run(['stop'])).exitCode, 0);
});

test('defect 7: a client that never finishes its request hinders nobody', async t => {
	const instance = supervised(t);
	const {pid} = await instance.up();
	const sockets = Array.from({length: 20}, () => {
		const socket = connect(instance.socket);
		t.teardown(() => socket.destroy());
		socket.on('error', () => undefined).write('stat');
		return socket;
	});
	await Promise.all(sockets.map(socket => once(socket, 'connect')));
	t.regex(await say(instance.socket, 'status\n'), new RegExp(`^application=${pid}$`, 'm'));
	t.is((await instance.run(['stop'])).exitCode, 0);
});

test('defect 20: what a killed manager left beside the socket goes with the next start', async t => {
	const instance = supervised(t);
	// A pid beyond every limit of the kernel.
	await makeStaleSocket(`${instance.socket}.4194305`);
	await makeStaleSocket(instance.socket);
	writeFileSync(`${instance.socket}.conf`, 'not ours');
	await instance.up();
	t.deepEqual(
		readdirSync(instance.folder)
			.filter(name => name.startsWith('sock'))
			.toSorted(),
		['sock', 'sock.conf'],
	);
	await instance.run(['stop']);
	t.false(existsSync(instance.socket));
});

test('the supervisor whose socket file was deleted takes nothing away from the one that followed', async t => {
	const instance = supervised(t);
	const first = await instance.up();
	rmSync(instance.socket);
	const second = await instance.up();
	t.not(second.manager, first.manager);
	t.is(second.pid, first.pid);
	process.kill(first.pid, 'SIGKILL');
	const pid = await waitFor('a program of the second one', async () => {
		const present = await instance.status();
		return present.pid === first.pid ? null : present.pid;
	});
	process.kill(first.manager, 'SIGTERM');
	await waitFor('the end of the first one', () => !isUp(first.manager));
	t.like(await instance.status(), {pid, manager: second.manager, alarms: []});
	const state = (name: string) => readFileSync(instance.at(`.sock.d/${name}`), 'utf8');
	t.is(JSON.parse(state('program')).pid, pid);
	t.is(state('pid'), `${second.manager}\n`);
	t.is(JSON.parse(state('loaded')).manager, second.manager);
	t.like(readSnapshot(instance.socket), {pid, manager: second.manager});
});

test('a standard error that nobody reads hinders no start on a stale socket', async t => {
	const instance = supervised(t);
	await makeStaleSocket(instance.socket);
	const words = [process.execPath, zeoctlFile, '-C', instance.at('d.conf'), 'supervise'];
	// The reader has gone before anything is written.
	const script = 'mkfifo pipe; exec 3<>pipe 2>pipe 3<&-; exec "$@"';
	const supervisor = startCommand(t, ['sh', '-c', script, 'sh', ...words], {cwd: instance.folder});
	await waitFor('the program', async () => (await instance.status()).state === 'running');
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.is((await supervisor.result).exitCode, 0);
});
