import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {
	type Holder,
	listensAnywhere,
	whoHoldsLock,
	whoListens,
	whoseListener,
} from '../../src/guard/holders.js';
import type {ListenAddress} from '../../src/guard/listeners.js';
import {describeProcess} from '../../src/guard/processes.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import {findFreePort, makeFolder, openPeer} from '../helpers/fake-zeo.js';
import {withoutCapabilities} from '../helpers/without-capabilities.js';

/** Starts a process that prints one line when it has what it came for. */
const startHolder = async (
	t: ExecutionContext,
	[command = '', ...words]: readonly string[],
	options: {readonly cwd?: string; readonly detached?: boolean} = {},
): Promise<{readonly child: ChildProcess; readonly pid: number; readonly line: string}> => {
	const child = spawn(command, words, {stdio: ['pipe', 'pipe', 'inherit'], ...options});
	t.teardown(() => child.kill('SIGKILL'));
	const [line] = await Promise.race([
		once(child.stdout, 'data'),
		once(child, 'exit').then(() => {
			throw new Error(`${command} ended early`);
		}),
	]);
	return {child, pid: child.pid ?? 0, line: String(line).trim()};
};

const listenerScript = (where: string): string =>
	`const s = require('node:net').createServer().listen(${where}, () => console.log(s.address().port)); process.stdin.resume();`;

const nodeListener = (where: string) => [process.execPath, '-e', listenerScript(where)];

const pidOf = (holder: Holder | undefined) => (holder?.visible === true ? holder.pid : undefined);

test('the process that listens at a port is found with its command, user and age', async t => {
	const before = Date.now() / 1000;
	const {pid, line} = await startHolder(t, nodeListener("0, '127.0.0.1'"));
	const holder = await whoListens({host: '127.0.0.1', port: Number(line)});
	t.true(holder?.visible);
	if (holder?.visible) {
		t.is(holder.pid, pid);
		t.deepEqual(holder.argv, nodeListener("0, '127.0.0.1'"));
		t.is(process.getuid?.(), holder.uid);
		t.is(holder.user, execFileSync('id', ['-un']).toString().trim());
		t.true(Math.abs(holder.startedAt - before) < 60);
		t.deepEqual(describeProcess(pid)?.startTicks, holder.startTicks);
		t.regex(holder.bootId, /^[\da-f-]{36}$/);
	}
});

test('a program listens anywhere when it has a listening socket, TCP or Unix', async t => {
	const socket = path.join(await makeFolder(t), 'socket');
	const tcp = await startHolder(t, nodeListener("0, '127.0.0.1'"));
	const unix = await startHolder(t, [
		process.execPath,
		'-e',
		`require('node:net').createServer().listen(${JSON.stringify(socket)}, () => console.log('listens'));`,
	]);
	const mute = await startHolder(t, [
		process.execPath,
		'-e',
		"console.log('lives'); process.stdin.resume();",
	]);
	t.deepEqual(
		[tcp, unix, mute].map(({pid}) => listensAnywhere(pid)),
		[true, true, false],
	);
});

for (const [title, host] of [
	['by name', 'localhost'],
	['as every address', ''],
	['as every IPv4 address', '0.0.0.0'],
] as const) {
	test(`a listener on loopback stands in the way of an address given ${title}`, async t => {
		const {port} = await openPeer(t, () => undefined);
		t.is(pidOf(await whoListens({host, port})), process.pid);
	});
}

test('a listener on every address stands in the way of one of them', async t => {
	const {port} = await openPeer(t, () => undefined, {host: '0.0.0.0'});
	t.is(pidOf(await whoListens({host: '127.0.0.1', port})), process.pid);
});

test('a listener on another address does not', async t => {
	const {port} = await openPeer(t, () => undefined, {host: '127.0.0.2'});
	t.is(await whoListens({host: '127.0.0.1', port}), undefined);
});

test('nobody at a port is nobody', async t => {
	t.is(await whoListens({host: '127.0.0.1', port: await findFreePort()}), undefined);
});

test('an IPv6 listener is found', async t => {
	const peer = await openPeer(t, () => undefined, {host: '::1'}).catch(() => undefined);
	if (peer === undefined) {
		t.log('skipped: no IPv6 on this machine');
		t.pass();
		return;
	}

	t.is(pidOf(await whoListens({host: '::1', port: peer.port})), process.pid);
});

test('the process behind a Unix socket is found, however it named the path', async t => {
	const folder = await makeFolder(t);
	const socketPath = path.join(folder, 'zeo.sock');
	const script = `require('node:net').createServer().listen('zeo.sock', () => console.log('ready'));`;
	const {pid} = await startHolder(t, [process.execPath, '-e', script], {cwd: folder});
	t.is(pidOf(await whoListens({path: socketPath})), pid);
	t.is(await whoListens({path: path.join(folder, 'other.sock')}), undefined);
});

test('a listener is known as the program itself, as one of its family, or as a stranger', async t => {
	const own = await startHolder(t, nodeListener("0, '127.0.0.1'"), {detached: true});
	const address: ListenAddress = {host: '127.0.0.1', port: Number(own.line)};
	t.is(await whoseListener({pid: own.pid, address}), 'program');
	t.is(await whoseListener({pid: process.pid, address}), 'other');
	const free = {host: '127.0.0.1', port: await findFreePort()};
	t.is(await whoseListener({pid: own.pid, address: free}), 'unknown');

	const shell = await startHolder(
		t,
		['sh', '-c', '"$0" -e "$1"; true', process.execPath, listenerScript("0, '127.0.0.1'")],
		{detached: true},
	);
	t.teardown(() => process.kill(-shell.pid, 'SIGKILL'));
	const grandchild = {host: '127.0.0.1', port: Number(shell.line)};
	t.not(pidOf(await whoListens(grandchild)), shell.pid);
	t.is(await whoseListener({pid: shell.pid, address: grandchild}), 'program');
});

test('the process that holds a lock is found', async t => {
	const file = path.join(await makeFolder(t), 'Data.fs.lock');
	await writeFile(file, ' 1\n');
	t.is(await whoHoldsLock(file), undefined);
	t.is(await whoHoldsLock(file, {crossCheck: true}), undefined);
	const {pid} = await startHolder(t, ['flock', '-F', file, 'sh', '-c', 'echo held; read line']);
	t.is(pidOf(await whoHoldsLock(file)), pid);
	t.is(pidOf(await whoHoldsLock(file, {crossCheck: true})), pid);
});

test('a file that is open but not locked has no holder', async t => {
	const file = path.join(await makeFolder(t), 'Data.fs.lock');
	await writeFile(file, '');
	await startHolder(t, ['sh', '-c', 'exec 9<"$0"; echo open; read line', file]);
	t.is(await whoHoldsLock(file, {crossCheck: true}), undefined);
});

test('a lock that was inherited is held by the heir', async t => {
	const file = path.join(await makeFolder(t), 'Data.fs.lock');
	const {pid} = await startHolder(t, [
		'sh',
		'-c',
		'exec 9>>"$0"; flock -n 9; echo held; read line',
		file,
	]);
	t.is(pidOf(await whoHoldsLock(file)), pid);
});

test('a file that does not exist has no holder', async t => {
	const file = path.join(await makeFolder(t), 'none.lock');
	t.is(await whoHoldsLock(file, {crossCheck: true}), undefined);
});

/** Asks in a process that may not look into others. */
const askPowerless = (expression: string): unknown => {
	const url = new URL('../../src/guard/holders.js', import.meta.url);
	const script = `const g = await import(${JSON.stringify(url)}); console.log(JSON.stringify(await ${expression} ?? null));`;
	const [command = '', ...words] = withoutCapabilities([
		process.execPath,
		'--input-type=module',
		'-e',
		script,
	]);
	return JSON.parse(execFileSync(command, words).toString());
};

const secretive = 'import ctypes, fcntl, socket, sys; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0); ';

test('who does not let others look is not visible, but not absent', async t => {
	const listener = await startHolder(t, [
		'python3',
		'-c',
		`${secretive}s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); print(s.getsockname()[1], flush=True); input()`,
	]);
	t.deepEqual(askPowerless(`g.whoListens({host: '127.0.0.1', port: ${listener.line}})`), {
		visible: false,
		uid: process.getuid?.(),
	});
	t.is(
		askPowerless(
			`g.whoseListener({pid: process.pid, address: {host: '127.0.0.1', port: ${listener.line}}})`,
		),
		'unknown',
	);
});

test('a lock whose taker cannot be looked into is still told by its pid', async t => {
	const file = path.join(await makeFolder(t), 'Data.fs.lock');
	const {pid} = await startHolder(t, [
		'python3',
		'-c',
		`${secretive}f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); input()`,
		file,
	]);
	const holder = askPowerless(`g.whoHoldsLock(${JSON.stringify(file)})`);
	t.like(holder, {visible: true, pid, showsFiles: false});
});

test('a lock whose taker has gone, and whose heir cannot be looked into, is told without a pid', async t => {
	const file = path.join(await makeFolder(t), 'Data.fs.lock');
	const {line} = await startHolder(t, [
		'python3',
		'-c',
		`import os; ${secretive}f = open(sys.argv[1], 'w')
taker = os.fork()
if taker == 0: fcntl.flock(f, 2); os._exit(0)
os.waitpid(taker, 0); print(taker, flush=True); input()`,
		file,
	]);
	t.is(describeProcess(Number(line)), undefined);
	t.deepEqual(askPowerless(`g.whoHoldsLock(${JSON.stringify(file)})`), {visible: false});
});

test('a process is described, one that is gone or a zombie is not', async t => {
	const own = describeProcess(process.pid);
	t.deepEqual(own?.argv.slice(0, 1), [process.argv0]);
	t.true(Math.abs((own?.startedAt ?? 0) * 1000 - performance.timeOrigin) < 1000);
	for (const pid of [2 ** 22 + 1, 0, -1]) {
		t.is(describeProcess(pid), undefined);
	}

	const {line} = await startHolder(t, [
		'python3',
		'-c',
		'import os; pid = os.fork() or os._exit(0); print(pid, flush=True); input()',
	]);
	await waitFor(() => readProcessStat(Number(line))?.state === 'Z');
	t.is(describeProcess(Number(line)), undefined);
});

const waitFor = async (condition: () => boolean) => {
	while (!condition()) {
		await new Promise(resolve => setTimeout(resolve, 5));
	}
};
