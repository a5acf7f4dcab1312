import type {Socket} from 'node:net';
import {type ErrorCode, errorCatalogue, ZeoctlError} from '../platform/errors.js';
import {parseServerLine, renderHello, renderRequest, type ServerLine} from './json-codec.js';
import {type Asker, protocolVersion, type Reply, type Request, type Status} from './messages.js';
import type {Session} from './session.js';
import {explainAnswer, explainHang} from './socket-trouble.js';
import {createStatusFeed} from './status-feed.js';

type Waiting = {
	timer: NodeJS.Timeout;
	take(reply: Reply): void;
	fail(error: ZeoctlError): void;
};

type Greeting = {resolve(firstLine: string | undefined): void; reject(error: ZeoctlError): void};

// A supervisor's longest line is a status with the last output of its program.
const longestLine = 4 * 1024 * 1024;

/** A connection on which JSON lines are tried, and used if the other side speaks them. */
export class JsonSession implements Session {
	readonly protocol = 'json';
	readonly #socket: Socket;
	readonly #socketPath: string;
	readonly #timeoutMs: number;
	readonly #waiting = new Map<number, Waiting>();
	readonly #feed = createStatusFeed();
	#lastId = 0;
	#rest = '';
	/** To be said together with the next request. */
	#hello = '';
	#greeting: Greeting | undefined;
	#firstStatus: Promise<Status> | undefined;
	#subscribed: Promise<Status> | undefined;
	#farewell: ZeoctlError | undefined;

	constructor(options: {
		readonly socket: Socket;
		readonly socketPath: string;
		readonly timeoutMs: number;
	}) {
		this.#socket = options.socket;
		this.#socketPath = options.socketPath;
		this.#timeoutMs = options.timeoutMs;
		this.#socket.setEncoding('utf8');
		this.#socket.on('data', (text: string) => this.#receive(text));
		this.#socket.on('close', () => this.#end());
	}

	/**
	 * Says hello and asks for the status in one go. Resolves to undefined when the other side speaks JSON, else to
	 * its first line, which is empty if it hung up without a word.
	 */
	greet(asker: Asker): Promise<string | undefined> {
		return new Promise((resolve, reject) => {
			this.#hello = renderHello(asker);
			this.#greeting = {resolve, reject};
			this.#firstStatus = this.#ask({request: 'status'}).then(expectStatus);
			this.#firstStatus.catch(error => {
				reject(error);
				if (this.#greeting) this.#socket.destroy();
			});
		});
	}

	/** Says hello to somebody who is known to speak JSON, together with the first request; what else answers fails that. */
	introduce(asker: Asker): undefined {
		this.#hello = renderHello(asker);
		this.#greeting = {
			resolve: firstLine => {
				if (firstLine) this.#farewell = explainAnswer(this.#socketPath, firstLine);
			},
			reject: error => {
				this.#farewell = error;
			},
		};
	}

	status(): Promise<Status> {
		return this.#firstStatus ?? this.ask({request: 'status'}).then(expectStatus);
	}

	ask(request: Exclude<Request, {request: 'subscribe'}>): Promise<Reply> {
		this.#firstStatus = undefined;
		return this.#ask(request);
	}

	async *statuses(): AsyncIterable<Status> {
		const reader = this.#feed.read();
		this.#subscribed ??= this.#ask({request: 'subscribe'}, reply => {
			if (reply.reply === 'status') this.#feed.publish(reply.status);
		}).then(expectStatus);
		try {
			await this.#subscribed;
			yield* reader;
		} catch (error) {
			if (!this.#feed.isOver) throw error;
		}
	}

	close(): void {
		this.#socket.destroy();
	}

	#ask(request: Request, onReply = (_: Reply) => {}): Promise<Reply> {
		return new Promise((resolve, reject) => {
			if (this.#socket.destroyed) {
				reject(this.#explainEnd());
				return;
			}
			this.#lastId += 1;
			const id = this.#lastId;
			const take = (reply: Reply) => {
				onReply(reply);
				resolve(reply);
			};
			this.#waiting.set(id, {timer: this.#limit(id, request), take, fail: reject});
			this.#socket.write(this.#hello + renderRequest(id, request));
			this.#hello = '';
		});
	}

	#limit(id: number, request: Request): NodeJS.Timeout {
		return setTimeout(() => void this.#losePatience(id, request), this.#timeoutMs);
	}

	/**
	 * A large transcript takes its time: whoever answers to something else meanwhile is at it. Who was stopped, or had no
	 * turn on a busy machine, finds the answer there.
	 */
	async #losePatience(id: number, request: Request): Promise<void> {
		await new Promise(setImmediate);
		if (!this.#waiting.has(id)) return;
		const isAtIt =
			request.request === 'reopen-transcript' &&
			(await this.#ask({request: 'status'}).then(
				() => true,
				() => false,
			));
		const waiting = this.#waiting.get(id);
		if (waiting === undefined) return;
		if (isAtIt) {
			waiting.timer = this.#limit(id, request);
			return;
		}
		this.#waiting.delete(id);
		waiting.fail(explainHang(this.#socketPath, this.#timeoutMs));
	}

	#receive(text: string): void {
		const lines = (this.#rest + text).split('\n');
		this.#rest = lines.pop() ?? '';
		for (const line of lines) this.#take(line);
		if (this.#rest.length > longestLine) this.#abandon(`a line of over ${longestLine} characters`);
	}

	#take(text: string): void {
		const line = parseServerLine(text);
		const greeting = this.#greeting;
		if (greeting !== undefined) {
			this.#greeting = undefined;
			this.#greet(line, text, greeting);
		} else if (line === undefined) {
			this.#abandon('a line that is not of the protocol');
		} else {
			this.#settle(line);
		}
	}

	#greet(line: ServerLine | undefined, text: string, greeting: Greeting): void {
		if (line?.line === 'hello' && line.version === protocolVersion) {
			setImmediate(() => {
				this.#firstStatus = undefined;
			});
			greeting.resolve(undefined);
			return;
		}
		if (line === undefined) greeting.resolve(text);
		else greeting.reject(explainGreeting(this.#socketPath, line));
		this.#socket.destroy();
	}

	#settle(line: ServerLine): void {
		if (line.line === 'status') this.#feed.publish(line.status);
		if (line.line === 'error' && line.id === null) {
			this.#farewell = new ZeoctlError(knownCode(line.code), line.message);
		} else if (line.line === 'reply' || line.line === 'error') {
			const waiting = this.#waiting.get(line.id ?? 0);
			this.#waiting.delete(line.id ?? 0);
			clearTimeout(waiting?.timer);
			if (line.line === 'reply') waiting?.take(line.reply);
			else waiting?.fail(new ZeoctlError(knownCode(line.code), line.message));
		}
	}

	#abandon(what: string): void {
		this.#farewell = new ZeoctlError(
			'PROTOCOL',
			`cannot understand the process at '${this.#socketPath}': it sent ${what}`,
		);
		this.#socket.destroy();
	}

	#end(): void {
		this.#greeting?.resolve('');
		this.#feed.end();
		for (const {timer, fail} of this.#waiting.values()) {
			clearTimeout(timer);
			fail(this.#explainEnd());
		}
		this.#waiting.clear();
	}

	#explainEnd(): ZeoctlError {
		const why = `cannot ask at '${this.#socketPath}': the supervisor closed the connection`;
		return this.#farewell ?? new ZeoctlError('NOT_RUNNING', why);
	}
}

const expectStatus = (reply: Reply): Status => {
	if (reply.reply === 'status') return reply.status;
	const why = reply.reply === 'refused' ? reply.reason : `the supervisor answers "${reply.reply}"`;
	throw new ZeoctlError('PROTOCOL', `cannot get the status: ${why}`);
};

const explainGreeting = (socketPath: string, line: ServerLine): ZeoctlError => {
	const why =
		line.line === 'hello'
			? `${line.server} speaks version ${line.version} of the protocol, this is ${protocolVersion}`
			: line.line === 'error'
				? line.message
				: 'it does not answer the hello';
	return new ZeoctlError('PROTOCOL', `cannot talk to the process at '${socketPath}': ${why}`);
};

const knownCode = (code: string): ErrorCode =>
	code in errorCatalogue ? (code as ErrorCode) : 'PROTOCOL';
