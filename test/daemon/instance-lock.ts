import {once} from 'node:events';
import {
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {createServer, type Server} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {claimSocket} from '../../src/daemon/instance-lock.js';
import {askText, openControlServer} from '../helpers/control-server.js';
import {makeStaleSocket} from '../helpers/stale-socket.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const claimAt = async (
	t: ExecutionContext,
	socketPath: string,
	options: {mode?: number; gid?: number} = {},
) => {
	const server = createServer({allowHalfOpen: true}, socket => {
		socket.on('error', () => undefined);
		socket.resume().end('status=running\n');
	});
	const notes: string[] = [];
	t.teardown(() => server.close());
	const claim = await claimSocket({
		path: socketPath,
		mode: 0o700,
		server,
		note: text => notes.push(text),
		...options,
	});
	return {server, claim, notes};
};

const close = async (server: Server): Promise<void> => {
	server.close();
	await once(server, 'close');
};

const files = (folder: string): string[] => readdirSync(folder).sort();

test('a claimed socket serves at its path and leaves nothing else', async t => {
	const folder = temporaryFolder(t);
	const umask = process.umask();
	const {notes} = await claimAt(t, `${folder}/zdsock`);
	t.deepEqual(files(folder), ['zdsock']);
	t.is(statSync(`${folder}/zdsock`).mode & 0o7777, 0o700);
	t.is(await askText(t, `${folder}/zdsock`, 'status\n'), 'status=running\n');
	t.deepEqual(notes, []);
	t.is(process.umask(), umask);
});

test('mode and group of the socket are as asked for', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const gid = process.getgroups?.().at(-1) ?? 0;
	await claimAt(t, socketPath, {mode: 0o770, gid});
	const found = statSync(socketPath);
	t.is(found.mode & 0o7777, 0o770);
	t.is(found.gid, gid);
});

test('release removes the name, and closing the server nothing more', async t => {
	const folder = temporaryFolder(t);
	const {server, claim} = await claimAt(t, `${folder}/zdsock`);
	claim.release();
	claim.release();
	t.deepEqual(files(folder), []);
	await close(server);
	t.deepEqual(files(folder), []);
});

test('a claim is known to be lost once another socket has the name, not while it has none', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const {claim} = await claimAt(t, socketPath);
	t.false(claim.isTaken());
	rmSync(socketPath);
	t.false(claim.isTaken());
	const {claim: other} = await claimAt(t, socketPath);
	t.true(claim.isTaken());
	t.false(other.isTaken());
});

test('release after the server was closed removes the name too', async t => {
	const folder = temporaryFolder(t);
	const {server, claim} = await claimAt(t, `${folder}/zdsock`);
	await close(server);
	claim.release();
	t.deepEqual(files(folder), []);
});

test("release never removes another's socket", async t => {
	const folder = temporaryFolder(t);
	const first = await claimAt(t, `${folder}/zdsock`);
	renameSync(`${folder}/zdsock`, `${folder}/moved`);
	await claimAt(t, `${folder}/zdsock`);
	const {ino} = lstatSync(`${folder}/zdsock`);
	first.claim.release();
	await close(first.server);
	t.is(lstatSync(`${folder}/zdsock`).ino, ino);
	t.is(await askText(t, `${folder}/zdsock`, 'status\n'), 'status=running\n');
});

test('a living manager is never replaced, and its status is told', async t => {
	const {socketPath} = await openControlServer(t);
	const {ino} = lstatSync(socketPath);
	const error = await t.throwsAsync(claimAt(t, socketPath), {code: 'ALREADY_SUPERVISED'});
	const [first, ...status] = (error?.message ?? '').split('\n');
	t.is(first, `Another zrdun is already up using socket '${socketPath}':`);
	t.is(status.length, 12);
	t.is(status[0], 'status=running');
	t.is(lstatSync(socketPath).ino, ino);
	t.deepEqual(files(path.dirname(socketPath)), ['zdsock']);
});

test('a manager that does not answer is alive all the same', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const server = createServer({allowHalfOpen: true}, socket => {
		t.teardown(() => socket.destroy());
	}).listen(socketPath);
	t.teardown(() => server.close());
	await once(server, 'listening');
	await t.throwsAsync(claimAt(t, socketPath), {
		code: 'ALREADY_SUPERVISED',
		message: /:\nit does not answer$/,
	});
});

test('a stale socket is replaced, and that is told in the words of zdaemon', async t => {
	const folder = temporaryFolder(t);
	await makeStaleSocket(`${folder}/zdsock`);
	const {notes} = await claimAt(t, `${folder}/zdsock`);
	t.deepEqual(notes, [`Unlinking stale socket ${folder}/zdsock; sleep 1`]);
	t.is(await askText(t, `${folder}/zdsock`, 'status\n'), 'status=running\n');
	t.deepEqual(files(folder), ['.zdsock.d', 'zdsock']);
	t.is(statSync(`${folder}/.zdsock.d`).mode & 0o7777, 0o700);
});

const isKept = (kind: string, make: (path: string) => void) =>
	test(`defect 4: a ${kind} in place of the socket is never deleted`, async t => {
		const folder = temporaryFolder(t);
		make(`${folder}/zdsock`);
		const before = lstatSync(`${folder}/zdsock`);
		await t.throwsAsync(claimAt(t, `${folder}/zdsock`), {
			code: 'SOCKET_UNUSABLE',
			message: `cannot use the control socket '${folder}/zdsock': a ${kind} is in its place`,
		});
		t.is(lstatSync(`${folder}/zdsock`).ino, before.ino);
		t.deepEqual(files(folder), ['zdsock']);
	});

isKept('file', socketPath => writeFileSync(socketPath, 'precious'));
isKept('folder', socketPath => mkdirSync(socketPath));
isKept('symbolic link', socketPath => symlinkSync('elsewhere', socketPath));

test('defect 20: temporary names of killed managers are removed, those of others are not', async t => {
	const folder = temporaryFolder(t);
	const deadPid = 2 ** 22 + 1;
	await makeStaleSocket(`${folder}/zdsock.${deadPid}`);
	await makeStaleSocket(`${folder}/zdsock.${process.pid}`);
	await makeStaleSocket(`${folder}/zdsock.${process.ppid}`);
	await makeStaleSocket(`${folder}/other.${deadPid}`);
	writeFileSync(`${folder}/zdsock.${deadPid + 1}`, 'no socket');
	await claimAt(t, `${folder}/zdsock`);
	t.deepEqual(
		files(folder),
		[`other.${deadPid}`, 'zdsock', `zdsock.${process.ppid}`, `zdsock.${deadPid + 1}`].sort(),
	);
});

test('a missing folder is named', async t => {
	const folder = path.join(temporaryFolder(t), 'run');
	await t.throwsAsync(claimAt(t, `${folder}/zdsock`), {
		code: 'SOCKET_UNUSABLE',
		message: `cannot use the control socket '${folder}/zdsock': its folder '${folder}' does not exist`,
	});
});

test('a path longer than a socket address can be claimed', async t => {
	const folder = path.join(temporaryFolder(t), 'x'.repeat(120));
	mkdirSync(folder);
	const {server, claim} = await claimAt(t, `${folder}/zdsock`);
	t.deepEqual(files(folder), ['zdsock']);
	claim.release();
	await close(server);
	t.deepEqual(files(folder), []);
});

test('a name longer than a socket address cannot', async t => {
	const socketPath = path.join(temporaryFolder(t), 'n'.repeat(110));
	await t.throwsAsync(claimAt(t, socketPath), {code: 'SOCKET_UNUSABLE', message: /longer than/});
	t.false(existsSync(socketPath));
});

test('a link in place of the lock of a stale socket is not followed, and the command that mends it is named', async t => {
	const folder = temporaryFolder(t);
	await makeStaleSocket(`${folder}/zdsock`);
	mkdirSync(`${folder}/.zdsock.d`, {mode: 0o700});
	symlinkSync('/dev/null', `${folder}/.zdsock.d/lock`);
	const error = await t.throwsAsync(claimAt(t, `${folder}/zdsock`), {
		message: /: its lock '.*\/\.zdsock\.d\/lock' cannot be opened: it is a symbolic link$/,
	});
	t.like(error, {code: 'SOCKET_UNUSABLE', hint: `rm ${folder}/.zdsock.d/lock`});
});
