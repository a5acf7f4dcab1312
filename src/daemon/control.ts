import type {Server} from 'node:net';
import {createControlServer} from '../control/server.js';
import {systemTimers} from '../platform/clock.js';
import {keepHeapSmall} from '../platform/small-heap.js';
import {createEarlyRequests} from './early-requests.js';

/** The control socket of a supervisor, as long as that lives. */
export type Control = Pick<ReturnType<typeof createEarlyRequests>, 'answerWith'> & {
	/** Not listening yet. */
	readonly server: Server;
	/** Who watches hears the end when `complete` is resolved. Resolves when every client has its answer, or has lost its connection. */
	close(complete: Promise<unknown>): Promise<void>;
};

/** Opens it for clients that come before the supervisor is ready: they wait. */
export const openControl = (version: string): Control => {
	const {handler, answerWith} = createEarlyRequests();
	const {server, close} = createControlServer({version, handler});
	let letHeapGrow = (): void => undefined;
	// Requests are what makes garbage; a supervisor that nobody talks to need not load what it takes, and the first
	// request shall not wait for it.
	server.once('connection', () => {
		letHeapGrow = systemTimers.after(firstRequestMs, () => {
			letHeapGrow = keepHeapSmall();
		});
	});
	return {
		server,
		answerWith,
		async close(complete) {
			await close(complete);
			letHeapGrow();
		},
	};
};

/** Milliseconds in which a single request, such as a stop, is over. */
const firstRequestMs = 100;
