import type {Socket} from 'node:net';
import {errorMessage} from '../platform/errors.js';
import {type CallTrouble, raised, ZeoCallError} from './call-error.js';
import {explainConnectError} from './exchange.js';
import {createFrameReader, encodeFrame, type FrameReader} from './frame.js';
import {chooseProtocol, type Protocol} from './handshake.js';
import {encodeCall, heartbeat, parseMessage, type ServerMessage} from './message.js';
import {
	explainUnusableAddress,
	type OpenSocket,
	openPlainSocket,
	type ZeoAddress,
} from './open-socket.js';
import type {PickleInput} from './pickle.js';
import {createFrameSigner, createSignedFrameReader} from './signed-frame.js';
import {explainTlsEnding} from './tls-ending.js';
import type {PickleValue} from './unpickle.js';

type CallOptions = {
	/** Until the reply; undefined waits for as long as the connection lasts. */
	readonly timeoutMs?: number | undefined;
	readonly signal?: AbortSignal | undefined;
};

export type ConnectionOptions = CallOptions & {
	readonly address: ZeoAddress;
	readonly openSocket?: OpenSocket | undefined;
	readonly onNotification?: (name: string, args: readonly PickleValue[]) => void;
	/** Between two signs of life that are sent while nothing else is; ZEO's own clients send one a minute. */
	readonly heartbeatMs?: number;
};

/** A connection to a ZEO server after the handshake. */
export type ZeoConnection = {
	readonly announcement: string;
	readonly protocol: Protocol;
	/** Rejects with a `ZeoCallError`, or with the reason of the signal. A call that was given up is not taken back. */
	call(method: string, args: readonly PickleInput[], options?: CallOptions): Promise<PickleValue>;
	/** From now on both sides sign what they send (ZEO 4 with authentication). */
	sign(key: Uint8Array): void;
	close(): void;
};

/** A commit of a million objects is one message to every client. In bytes. */
const maxMessageBytes = 64 * 1024 * 1024;

type Waiting = {
	readonly resolve: (value: PickleValue) => void;
	readonly reject: (error: unknown) => void;
};

/** Connects and agrees on a protocol. Rejects with a `ZeoCallError`, or with the reason of the signal. */
export const openConnection = async (options: ConnectionOptions): Promise<ZeoConnection> => {
	const {address, openSocket = openPlainSocket, signal, timeoutMs} = options;
	signal?.throwIfAborted();
	const unusable = explainUnusableAddress(address);
	if (unusable !== undefined) throw new ZeoCallError({result: 'unreachable', reason: unusable});
	const line = openLine(openSocket(address));
	try {
		const greeting = new Promise<Buffer>((resolve, reject) =>
			line.listen({frame: resolve, end: reject}),
		);
		const announcement = (
			await withinLimits(greeting, options, () => line.lateness(timeoutMs ?? 0))
		)
			.subarray(0, 16)
			.toString('latin1');
		return agree(line, announcement, options);
	} catch (error) {
		line.close();
		throw error;
	}
};

const agree = (line: Line, announcement: string, options: ConnectionOptions): ZeoConnection => {
	const protocol = chooseProtocol(announcement);
	if (protocol === undefined)
		throw new ZeoCallError(
			/^[A-Z]\d{1,4}$/.test(announcement)
				? {
						result: 'unsupported',
						reason: `the server speaks the protocol ${announcement} of ZEO, which zeoctl does not`,
					}
				: {result: 'garbage', reason: 'the greeting is not one of ZEO'},
		);
	line.send(Buffer.from(protocol));
	return converse(line, {announcement, protocol}, options);
};

const converse = (
	line: Line,
	{announcement, protocol}: Pick<ZeoConnection, 'announcement' | 'protocol'>,
	{onNotification, heartbeatMs = 60_000}: ConnectionOptions,
): ZeoConnection => {
	const waiting = new Map<number, Waiting>();
	let lastId = 0;
	let ended: unknown;
	// A server of ZEO 4 knows no signs of life.
	const beat = protocol === 'Z5' ? setInterval(() => line.send(heartbeat), heartbeatMs) : undefined;
	const end = (error: unknown): void => {
		clearInterval(beat);
		ended ??= error;
		for (const {reject} of waiting.values()) reject(error);
		waiting.clear();
	};
	const deliver = (message: ServerMessage): void => {
		if (message.is === 'notification') {
			onNotification?.(message.name, message.args);
			return;
		}
		const caller = waiting.get(message.id);
		waiting.delete(message.id);
		if (message.is === 'reply') caller?.resolve(message.value);
		else caller?.reject(raised(message.exception));
	};
	line.listen({frame: body => deliver(parseMessage(body)), end});
	return {
		announcement,
		protocol,
		async call(method, args, options = {}) {
			options.signal?.throwIfAborted();
			if (ended !== undefined) throw ended;
			const id = ++lastId;
			const reply = new Promise<PickleValue>((resolve, reject) => {
				waiting.set(id, {resolve, reject});
			});
			line.send(encodeCall(id, method, args));
			try {
				return await withinLimits(reply, options, () => ({result: 'mute'}));
			} finally {
				waiting.delete(id);
			}
		},
		sign: key => line.sign(key),
		close() {
			end(new ZeoCallError({result: 'closed'}));
			line.close();
		},
	};
};

/** The promise, unless the time is over or the signal comes first. */
const withinLimits = <Value>(
	promise: Promise<Value>,
	{timeoutMs, signal}: CallOptions,
	lateness: () => CallTrouble,
): Promise<Value> =>
	new Promise<Value>((resolve, reject) => {
		const abort = (): void => reject(signal?.reason);
		const expire = (): void => reject(new ZeoCallError(lateness()));
		// What arrived while this process was held up is read first: timers run before sockets.
		const timer =
			timeoutMs === undefined ? undefined : setTimeout(() => setImmediate(expire), timeoutMs);
		signal?.addEventListener('abort', abort, {once: true});
		promise.then(resolve, reject).finally(() => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', abort);
		});
	});

type Listener = {
	readonly frame: (body: Buffer) => void;
	/** Called once, with the reason why nothing will come any more. */
	readonly end: (error: unknown) => void;
};

/** A socket that speaks in frames. */
type Line = {
	send(body: Uint8Array): void;
	listen(listener: Listener): void;
	sign(key: Uint8Array): void;
	/** What it means that nothing has come so far. */
	lateness(timeoutMs: number): CallTrouble;
	close(): void;
};

/** Half a minute after the last byte the kernel asks whether the other side is there; a pack may take hours. */
const keepAliveMs = 30_000;

const openLine = (socket: Socket): Line => {
	let reader: FrameReader = createFrameReader(maxMessageBytes);
	let frameOf: (body: Uint8Array) => Buffer = encodeFrame;
	let listener: Listener = {frame: () => undefined, end: () => undefined};
	let ended: {readonly error: unknown} | undefined;
	let state = {connected: false, isSecure: false, hasHeard: false};

	const end = (trouble: CallTrouble): void => {
		if (ended !== undefined) return;
		ended = {error: new ZeoCallError(trouble)};
		socket.destroy();
		listener.end(ended.error);
	};
	const explainEnd = (error?: Error): CallTrouble => {
		if (error !== undefined && !state.connected) return explainConnectError(error);
		const tls = state.hasHeard ? undefined : explainTlsEnding(socket, {...state, error});
		return tls ?? {result: 'closed'};
	};
	const hear = (chunk: Buffer): void => {
		state = {...state, hasHeard: true};
		try {
			const {frames, oversized} = reader.push(chunk);
			for (const frame of frames) listener.frame(frame);
			if (oversized !== undefined)
				end({result: 'garbage', reason: `a message of ${oversized} bytes is announced`});
		} catch (error) {
			end({result: 'garbage', reason: errorMessage(error)});
		}
	};
	socket.on('connect', () => {
		state = {...state, connected: true};
		socket.setKeepAlive(true, keepAliveMs);
	});
	socket.on('secureConnect', () => {
		state = {...state, isSecure: true};
	});
	socket.on('data', hear);
	socket.on('error', error => end(explainEnd(error)));
	socket.on('close', () => end(explainEnd()));
	return {
		send: body => void socket.write(frameOf(body)),
		listen(next) {
			listener = next;
			if (ended !== undefined) next.end(ended.error);
		},
		sign(key) {
			frameOf = createFrameSigner(key);
			reader = createSignedFrameReader(key);
		},
		lateness: timeoutMs =>
			state.connected
				? {result: 'mute'}
				: {result: 'unreachable', reason: `no connection within ${Math.round(timeoutMs)} ms`},
		close: () => end({result: 'closed'}),
	};
};
