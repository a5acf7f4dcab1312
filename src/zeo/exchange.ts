import type {Socket} from 'node:net';
import {errorMessage, systemErrorCode} from '../platform/errors.js';
import {
	explainUnusableAddress,
	type OpenSocket,
	openPlainSocket,
	type ZeoAddress,
} from './open-socket.js';
import {explainTlsEnding, type TlsEnding} from './tls-ending.js';

/** What can be found at an address instead of an answer. */
export type Unanswered =
	/** Nobody listens: connection refused, or no such Unix socket. */
	| {readonly result: 'refused'}
	/** Accepted, and no answer in time: stopping in mid-pack, stopped, or hung. */
	| {readonly result: 'mute'}
	/** Closed before the answer was complete: a TLS port, or another program. */
	| {readonly result: 'closed'}
	/** No connection for another reason: unknown host, no permission, no answer to the connect. */
	| {readonly result: 'unreachable'; readonly reason: string}
	/** Over TLS only. */
	| TlsEnding;

export type ExchangeOptions = {
	/** From the connect to the last byte of the answer. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal | undefined;
	readonly openSocket?: OpenSocket;
};

type Exchange<Result> = ExchangeOptions & {
	readonly address: ZeoAddress;
	/** Called once connected. Whichever of the two first returns a result ends the exchange. */
	readonly begin: (socket: Socket) => Result | undefined;
	readonly listen: (chunk: Buffer) => Result | undefined;
};

/** Connects, talks until there is a result, and closes. Rejects only with the reason of `signal`. */
export const exchange = async <Result>({
	address,
	signal,
	openSocket = openPlainSocket,
	...talk
}: Exchange<Result>): Promise<Result | Unanswered> => {
	signal?.throwIfAborted();
	const reason = explainUnusableAddress(address);
	return reason === undefined
		? converse({...talk, signal, socket: openSocket(address)})
		: {result: 'unreachable', reason};
};

type Conversation<Result> = Pick<Exchange<Result>, 'timeoutMs' | 'begin' | 'listen'> & {
	readonly socket: Socket;
	readonly signal: AbortSignal | undefined;
};

const converse = <Result>({socket, timeoutMs, signal, begin, listen}: Conversation<Result>) =>
	new Promise<Result | Unanswered>((resolve, reject) => {
		let connected = false;
		let isSecure = false;
		let hasHeard = false;
		const release = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
			socket.destroy();
		};

		const settle = (result: Result | Unanswered | undefined) => {
			if (result !== undefined) {
				release();
				resolve(result);
			}
		};

		const abort = () => {
			release();
			reject(signal?.reason);
		};

		const expire = () => settle(connected ? {result: 'mute'} : noConnection(timeoutMs));
		// What arrived while this process was held up is read first: timers run before sockets.
		const timer = setTimeout(() => setImmediate(expire), timeoutMs);
		signal?.addEventListener('abort', abort, {once: true});
		socket.on('connect', () => {
			connected = true;
			settle(begin(socket));
		});
		const end = (error?: Error) => {
			const tls = hasHeard ? undefined : explainTlsEnding(socket, {isSecure, error});
			settle(tls ?? {result: 'closed'});
		};

		socket.on('secureConnect', () => {
			isSecure = true;
		});
		socket.on('data', chunk => {
			hasHeard = true;
			settle(listen(chunk));
		});
		socket.on('error', error => (connected ? end(error) : settle(explainConnectError(error))));
		socket.on('close', () => end());
	});

const noConnection = (timeoutMs: number): Unanswered => ({
	result: 'unreachable',
	reason: `no connection within ${Math.round(timeoutMs)} ms`,
});

/** What an error of a socket means that was never connected. */
export const explainConnectError = (error: Error): Unanswered => {
	const code = systemErrorCode(error);
	switch (code) {
		case 'ECONNREFUSED':
		case 'ENOENT':
			return {result: 'refused'};
		// A peer that resets at once is seen so before the connection is announced.
		case 'ECONNRESET':
			return {result: 'closed'};
		default:
			return {result: 'unreachable', reason: errorMessage(error) || code || 'unknown reason'};
	}
};
