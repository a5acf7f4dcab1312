import {lstatSync, readdirSync, unlinkSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openFolder} from '../../src/control/socket-path.js';
import {claimSocket} from '../../src/daemon/instance-lock.js';
import {standIn} from '../../src/daemon/stand-in.js';
import {openTakeoverLock} from '../../src/daemon/takeover-lock.js';
import {askText} from '../helpers/control-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const serverOf = (t: ExecutionContext, name: string): Server => {
	const server = createServer({allowHalfOpen: true}, socket => {
		socket.on('error', () => undefined);
		socket.resume().end(`${name}\n`);
	});
	t.teardown(() => server.close());
	return server;
};

/** A socket with its supervisor, and a successor that stands by. */
const openRelay = async (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	const socketPath = path.join(folder, 'sock');
	const claim = (name: string) =>
		claimSocket({path: socketPath, mode: 0o700, server: serverOf(t, name), note: () => undefined});
	const {inode} = await claim('predecessor');
	const successor = serverOf(t, 'successor');
	const stand = await standIn({
		path: socketPath,
		mode: 0o770,
		server: successor,
		predecessor: inode,
	});
	const canLock = (): boolean => {
		const place = {path: socketPath, folder: openFolder(folder), name: 'sock'};
		return openTakeoverLock(place) !== undefined;
	};
	return {
		...{folder, socketPath, stand, successor, claim, canLock},
		answer: () => askText(t, socketPath, 'status\n'),
		sockets: () => readdirSync(folder).filter(name => !name.startsWith('.')),
	};
};

test('nobody finds a successor before it takes over', async t => {
	const {answer, stand} = await openRelay(t);
	t.is(await answer(), 'predecessor\n');
	stand.takeOver();
	t.is(await answer(), 'successor\n');
});

test('a successor that has taken over leaves one socket, with its own mode, and removes it as its own', async t => {
	const {socketPath, stand, sockets} = await openRelay(t);
	const claim = stand.takeOver();
	t.deepEqual(sockets(), ['sock']);
	const found = lstatSync(socketPath);
	t.deepEqual([found.mode & 0o7777, found.ino], [0o770, claim.inode]);
	claim.release();
	t.deepEqual(sockets(), []);
});

test('a successor that gives up leaves its predecessor as it was', async t => {
	const {answer, stand, sockets, successor, canLock} = await openRelay(t);
	stand.release();
	t.deepEqual(sockets(), ['sock']);
	t.is(await answer(), 'predecessor\n');
	t.false(successor.listening);
	t.true(canLock());
});

test('nobody may take the socket for stale while a successor stands by', async t => {
	const {stand, canLock} = await openRelay(t);
	t.false(canLock());
	stand.takeOver();
	t.true(canLock());
});

test('a socket of somebody who came in between is not replaced', async t => {
	const {socketPath, stand, answer, claim} = await openRelay(t);
	unlinkSync(socketPath);
	await claim('third');
	t.throws(() => stand.takeOver(), {message: /another process has it$/});
	stand.release();
	t.is(await answer(), 'third\n');
});

test('a socket that was removed is not made again', async t => {
	const {socketPath, stand, sockets} = await openRelay(t);
	unlinkSync(socketPath);
	t.throws(() => stand.takeOver(), {message: /another process has it$/});
	stand.release();
	t.deepEqual(sockets(), []);
});

test('a folder that is not there is told', async t => {
	const server = serverOf(t, 'successor');
	const options = {path: `${temporaryFolder(t)}/none/sock`, mode: 0o700, server, predecessor: 1};
	await t.throwsAsync(standIn(options), {message: /none/});
});
