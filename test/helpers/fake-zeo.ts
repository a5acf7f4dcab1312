import {mkdtemp, rm} from 'node:fs/promises';
import {createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {encodeFrame} from '../../src/zeo/frame.js';

/** A folder of its own for one test, removed with it. */
export const makeFolder = async (t: ExecutionContext): Promise<string> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'zeoctl-test-'));
	t.teardown(() => rm(folder, {recursive: true, force: true}));
	return folder;
};

/** A peer on a port of its own that does with every connection what it is told. */
export const openPeer = async (
	t: ExecutionContext,
	behave: (socket: Socket) => void,
	where: {readonly host: string} | {readonly path: string} = {host: '127.0.0.1'},
): Promise<{readonly host: string; readonly port: number; connections(): number}> => {
	const sockets = new Set<Socket>();
	let connections = 0;
	const server = createServer(socket => {
		connections++;
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
		behave(socket);
	});
	t.teardown(() => {
		for (const socket of sockets) {
			socket.destroy();
		}

		server.close();
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen('path' in where ? where : {...where, port: 0}, resolve);
	});
	const address = server.address();
	const isTcp = typeof address === 'object' && address !== null;
	return {
		host: isTcp ? address.address : '',
		port: isTcp ? address.port : 0,
		connections: () => connections,
	};
};

/** A health document as ZEO 6 writes it, recorded. */
export const healthOf = (...names: readonly string[]): string =>
	JSON.stringify(
		Object.fromEntries(
			names.map(name => [
				name,
				{
					connections: 1,
					loads: 0,
					stores: 0,
					commits: 0,
					aborts: 0,
					active_txns: 0,
					lock_time: null,
					conflicts: 0,
					conflicts_resolved: 0,
					start: 'Sun Nov 22 23:13:18 2026',
					waiting: 0,
					'timeout-thread-is-alive': 'stub',
					'last-transaction': '040d32514ee07abb',
				},
			]),
		),
	);

/** Answers as ZEO does: announcement at once, the document after `ruok`, then closes. */
export const answerRuok =
	(document: string, announcement = 'Z5') =>
	(socket: Socket): void => {
		socket.write(encodeFrame(announcement));
		socket.once('data', question => {
			if (question.equals(Buffer.from('0000000472756f6b', 'hex'))) {
				socket.end(encodeFrame(document));
			}
		});
	};

/** A port of this machine where nobody listens. */
export const findFreePort = async (host = '127.0.0.1'): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen({host, port: 0}, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
