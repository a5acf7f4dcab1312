import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Limits} from '../../src/control/limits.js';
import type {Asker, Reply, Request, RequestHandler, Status} from '../../src/control/messages.js';
import {type ControlServer, createControlServer} from '../../src/control/server.js';
import {runningStatus} from './statuses.js';
import {temporaryFolder} from './temporary-folder.js';

/** A status of a program that runs and answers, as it came over a socket, with the given differences. */
export const statusOf = (differences: Partial<Status> = {}): Status =>
	runningStatus({
		readiness: 'ready',
		pid: 9356,
		manager: 9354,
		version: '0.1.0',
		now: 1795389012.6798544,
		since: 1795389011.7,
		lastStart: 1795389011.6745198,
		...differences,
	});

/** A handler that answers from a status which the test changes, and remembers who asked for what. */
export const fakeHandler = (
	answer?: (request: Request, status: Status) => Reply | Promise<Reply> | undefined,
) => {
	let status = statusOf();
	const asked: {request: Request; asker: Asker}[] = [];
	const listeners = new Set<(status: Status) => void>();
	const handler: RequestHandler = {
		handle(request, asker) {
			asked.push({request, asker});
			return answer?.(request, status) ?? reply(request, status);
		},
		subscribe(listener) {
			listeners.add(listener);
			listener(status);
			return () => listeners.delete(listener);
		},
	};
	const change = (differences: Partial<Status>) => {
		status = {...status, ...differences};
		for (const listener of listeners) listener(status);
	};
	return {handler, asked, listeners, change};
};

const reply = (request: Request, status: Status): Reply => {
	switch (request.request) {
		case 'start':
			return {reply: status.pid === null ? 'started' : 'already-started'};
		case 'stop':
			return {reply: status.pid === null ? 'already-stopped' : 'stopping'};
		case 'restart':
			return {reply: status.pid === null ? 'started' : 'restarting'};
		case 'kill':
			if (status.pid === null) return {reply: 'not-running'};
			if (request.signal >= 0 && request.signal < 65) {
				return {reply: 'signalled', signal: request.signal};
			}
			return {
				reply: 'kill-failed',
				signal: request.signal,
				reason: '[Errno 22] Invalid argument',
			};
		case 'reload':
			return {reply: 'handing-over'};
		case 'reopen-transcript':
			return {reply: 'reopened', confirmed: true};
		case 'status':
		case 'subscribe':
			return {reply: 'status', status};
	}
};

/** A control server that listens in a folder of its own, closed when the test ends. */
export const openControlServer = async (
	t: ExecutionContext<unknown>,
	options: {readonly handler?: RequestHandler; readonly limits?: Partial<Limits>} = {},
): Promise<{readonly socketPath: string; readonly control: ControlServer}> => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const control = createControlServer({
		handler: options.handler ?? fakeHandler().handler,
		version: '0.1.0',
		limits: {closeMs: 50, ...options.limits},
	});
	t.teardown(() => control.close());
	control.server.listen(socketPath);
	await once(control.server, 'listening');
	return {socketPath, control};
};

/** A connection that keeps what it received; `bytes` is sent at once. */
export const openConnection = (
	t: ExecutionContext<unknown>,
	socketPath: string,
	bytes: string | Buffer = '',
) => {
	const socket = connect({path: socketPath, allowHalfOpen: true});
	t.teardown(() => socket.destroy());
	const chunks: Buffer[] = [];
	socket.on('data', chunk => chunks.push(chunk));
	socket.on('error', () => undefined);
	if (bytes.length > 0) socket.write(bytes);
	const text = () => Buffer.concat(chunks).toString();
	const lines = () => text().split('\n').slice(0, -1);
	return {
		socket,
		text,
		/** The values of the first `count` lines, once they are there. */
		async json(count: number): Promise<readonly Record<string, unknown>[]> {
			while (lines().length < count) await nextData(socket);
			return lines()
				.slice(0, count)
				.map(line => JSON.parse(line));
		},
		/** Everything that came until the server ended the connection. */
		async all(): Promise<string> {
			if (!socket.readableEnded && !socket.destroyed) {
				await Promise.race([once(socket, 'end'), once(socket, 'close')]);
			}
			return text();
		},
	};
};

const nextData = async (socket: Socket): Promise<void> => {
	if (socket.destroyed || socket.readableEnded) throw new Error('the connection has ended');
	await Promise.race([once(socket, 'data'), once(socket, 'end'), once(socket, 'close')]);
};

/** The reply to the bytes of one text request, sent as zdaemon's client does: half-closed at once. */
export const askText = (
	t: ExecutionContext<unknown>,
	socketPath: string,
	bytes: string | Buffer,
): Promise<string> => {
	const connection = openConnection(t, socketPath, bytes);
	connection.socket.end();
	return connection.all();
};
