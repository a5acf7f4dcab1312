import {createServer, type Server, type Socket} from 'node:net';
import {monotonicMs} from '../platform/clock.js';
import {Connection, type ConnectionContext} from './connection.js';
import {defaultLimits, type Limits} from './limits.js';
import type {RequestHandler} from './messages.js';
import {createStatusWriter} from './status-json.js';

/** The supervisor's side of the control socket. */
export type ControlServer = {
	/** Not listening yet; whoever claims the socket binds it. */
	readonly server: Server;
	/** Serves one accepted socket, which must allow to be half open. */
	accept(socket: Socket): void;
	/**
	 * Stops listening, takes no request any more, and answers what is being asked. Who watches hears the end when
	 * `complete` is resolved; resolves itself when every connection is closed.
	 */
	close(complete?: Promise<unknown>): Promise<void>;
};

/** Serves both control protocols to many clients at once; `version` is that of the supervisor. */
export const createControlServer = (options: {
	readonly handler: RequestHandler;
	readonly version: string;
	readonly limits?: Partial<Limits>;
}): ControlServer => {
	const limits = {...defaultLimits, ...options.limits};
	const connections = new Set<Connection>();
	const alarm = createAlarm(now => {
		let next = Number.POSITIVE_INFINITY;
		for (const connection of connections) next = Math.min(next, connection.expire(now));
		return next;
	});
	const context: ConnectionContext = {
		handler: options.handler,
		serverName: `zeoctl/${options.version}`,
		limits,
		wakeAt: alarm.wakeAt,
		renderStatus: createStatusWriter(),
	};
	const accept = (socket: Socket) => {
		if (connections.size >= limits.maxConnections) dismissOldest(connections);
		const connection = new Connection(socket, context);
		if (connections.size >= limits.maxConnections) {
			connection.dismiss('Too many connections');
			return;
		}
		connections.add(connection);
		socket.on('close', () => {
			connections.delete(connection);
			if (connections.size === 0) alarm.clear();
		});
	};
	const server = createServer({allowHalfOpen: true}, accept);
	const close = async (complete?: Promise<unknown>): Promise<void> => {
		const closed = new Promise<void>(resolve => server.close(() => resolve()));
		for (const connection of connections) connection.refrain();
		await complete;
		for (const connection of connections) connection.leave();
		const timer = setTimeout(() => {
			for (const connection of connections) connection.destroy();
		}, limits.closeMs);
		await closed;
		clearTimeout(timer);
	};
	return {server, accept, close};
};

// The one timer of all connections: none is set while nobody is connected, and none per request.
const createAlarm = (ring: (now: number) => number) => {
	let timer: NodeJS.Timeout | undefined;
	let at = Number.POSITIVE_INFINITY;
	const clear = () => {
		clearTimeout(timer);
		at = Number.POSITIVE_INFINITY;
	};
	const wakeAt = (time: number) => {
		if (time >= at) return;
		clear();
		at = time;
		const delayMs = Math.max(1, Math.ceil(time - monotonicMs()));
		timer = setTimeout(() => {
			at = Number.POSITIVE_INFINITY;
			wakeAt(ring(monotonicMs()));
		}, delayMs).unref();
	};
	return {wakeAt, clear};
};

const dismissOldest = (connections: Set<Connection>): void => {
	let oldest: Connection | undefined;
	let since = Number.POSITIVE_INFINITY;
	for (const connection of connections) {
		const {idleSince} = connection;
		if (idleSince !== undefined && idleSince < since) {
			oldest = connection;
			since = idleSince;
		}
	}
	if (oldest === undefined) return;
	connections.delete(oldest);
	oldest.dismiss('cannot keep this connection: too many are open and it was idle the longest');
};
