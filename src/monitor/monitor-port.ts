import {createServer, type Socket} from 'node:net';
import type {MonitorSettings} from '../settings/settings.js';

/** How many may ask at the same time; more are refused. */
const mostConnections = 16;

/** How long one of them may stay, whatever it does. */
const longestMs = 15_000;

/** An open monitor port. */
export type MonitorPort = {
	/** The port that is listened at, which the system chose where 0 was given. */
	readonly port: number;
	close(): void;
};

/**
 * Listens at an address and tells everybody who connects what `tell` says, then closes, as ZEO's monitor port did.
 * Where there is nothing to tell the connection is reset, so that a script sees a server that is down. Nothing runs
 * while nobody is connected. Rejects with the system's error when the address cannot be had.
 */
export const openMonitorPort = (
	{host, port}: MonitorSettings,
	tell: () => Promise<string | undefined>,
): Promise<MonitorPort> => {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		const late = setTimeout(() => socket.destroy(), longestMs);
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.once('close', () => {
			clearTimeout(late);
			sockets.delete(socket);
		});
		// What is sent to us is thrown away; unread, it would make the end of the connection a reset.
		socket.resume();
		void answer(socket, tell);
	});
	server.maxConnections = mostConnections;
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen({host, port}, () => {
			// An accept that fails later (no descriptors left) is one script's loss.
			server.off('error', reject).on('error', () => undefined);
			const address = server.address();
			resolve({
				port: typeof address === 'object' && address !== null ? address.port : port,
				close() {
					server.close();
					for (const socket of sockets) socket.destroy();
				},
			});
		});
	});
};

const answer = async (socket: Socket, tell: () => Promise<string | undefined>): Promise<void> => {
	const text = await tell().catch(() => undefined);
	if (text === undefined) socket.resetAndDestroy();
	else socket.end(text);
};
