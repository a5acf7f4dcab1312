import {isUtf8} from 'node:buffer';
import type {Socket} from 'node:net';
import {monotonicMs} from '../platform/clock.js';
import {type ErrorCode, errorMessage} from '../platform/errors.js';
import {
	parseClientLine,
	quoteLine,
	renderError,
	renderReply,
	renderServerHello,
	renderStatusEvent,
	renderStatusReply,
} from './json-codec.js';
import type {Limits} from './limits.js';
import type {Asker, Request, RequestHandler, Status} from './messages.js';
import {type Outcome, PendingRequests} from './pending-requests.js';
import {Subscription} from './subscription.js';
import {parseTextRequest, renderTextReply} from './text-codec.js';

/** What a connection needs of the server that accepted it. Times are those of `monotonicMs()`. */
export type ConnectionContext = {
	readonly handler: RequestHandler;
	/** How the supervisor names itself in its hello. */
	readonly serverName: string;
	readonly limits: Limits;
	/** Asks for a call of `expire` at that time at the latest. */
	wakeAt(time: number): void;
	/** The JSON of a status; the work is shared by all connections. */
	renderStatus(status: Status): string;
};

const openBrace = 0x7b;
const newline = 0x0a;
const nothing = Buffer.alloc(0);

// Characters of replies that are collected before they are written. While the client does not take them, nothing
// more of what it sends is read or answered.
const mostUnsent = 64 * 1024;
const textAsker: Asker = {client: 'text'};

/**
 * One client: finds out by the first byte which protocol it speaks, takes requests, sends replies. JSON requests
 * are answered as they are done, so a status never waits behind a stop.
 */
export class Connection {
	readonly #socket: Socket;
	readonly #context: ConnectionContext;
	readonly #pending: PendingRequests;
	#phase: 'open' | 'text' | 'json' | 'closing' = 'open';
	#asker: Asker = {client: 'unknown'};
	#subscription: {readonly id: number; readonly feed: Subscription} | undefined;
	#received: Buffer = nothing;
	#out = '';
	#isTaking = false;
	#isTakingNone = false;
	#hasEnded = false;
	#mustHangUp = false;
	#since = monotonicMs();

	constructor(socket: Socket, context: ConnectionContext) {
		this.#socket = socket;
		this.#context = context;
		const {handler, limits, wakeAt} = context;
		this.#pending = new PendingRequests({handler, limits, wakeAt});
		socket.on('data', chunk => this.#receive(chunk));
		socket.on('drain', () => this.#continue());
		socket.on('end', () => this.#end());
		socket.on('error', () => socket.destroy());
		socket.on('close', () => this.#forget());
		wakeAt(this.#idleUntil());
	}

	/** Since when nothing is waited for, in `monotonicMs()`; undefined while something is. */
	get idleSince(): number | undefined {
		return this.#pending.size > 0 || this.#subscription ? undefined : this.#since;
	}

	/** Ends what has taken too long; returns when to look again, Infinity when there is no need. */
	expire(now: number): number {
		const next = this.#pending.expire(now);
		if (this.#pending.size > 0) return next;
		if (this.#subscription) return Number.POSITIVE_INFINITY;
		if (now >= this.#idleUntil()) this.#expireIdle();
		return this.#idleUntil();
	}

	/** Says why, in the client's protocol, and closes the connection. */
	dismiss(why: string): void {
		this.#mustHangUp = true;
		if (this.#phase === 'closing' || this.#socket.writableNeedDrain) this.#socket.destroy();
		else this.#finish(this.#phase === 'json' ? renderError(null, 'PROTOCOL', why) : `${why}\n`);
	}

	/** Takes no request any more: what comes from now on is not done, and its client loses the connection. */
	refrain(): void {
		this.#isTakingNone = true;
		this.#received = nothing;
	}

	/** Closes as soon as what is being asked has been answered. */
	leave(): void {
		this.#mustHangUp = true;
		this.#unsubscribe();
		this.#hasEnded = true;
		if (this.#phase === 'closing' && this.#pending.size === 0) this.#socket.destroySoon();
		else this.#finishIfDone();
	}

	destroy(): void {
		this.#socket.destroy();
	}

	#receive(chunk: Buffer): void {
		if (this.#phase === 'closing' || this.#isTakingNone) return;
		if (this.#phase === 'open') this.#phase = chunk[0] === openBrace ? 'json' : 'text';
		this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
		if (this.#phase === 'text') this.#takeText();
		else this.#takeLines();
	}

	#takeText(): void {
		const {maxTextBytes} = this.#context.limits;
		const end = this.#received.indexOf(newline);
		if ((end === -1 ? this.#received.length : end) > maxTextBytes) {
			this.#finish('Command exceeds 10 KB\n');
		} else if (end !== -1) {
			const parsed = parseTextRequest(this.#received.toString('latin1', 0, end));
			this.#received = nothing;
			this.#phase = 'closing';
			if ('error' in parsed) this.#finish(`${parsed.error}\n`);
			else {
				this.#ask(parsed.request, textAsker, outcome => {
					if (outcome.reply === 'failure') this.#finish(`${outcome.message}\n`);
					else this.#finish(renderTextReply(outcome, parsed.signalText));
				});
			}
		}
	}

	#takeLines(): void {
		const {maxJsonBytes} = this.#context.limits;
		const received = this.#received;
		let start = 0;
		this.#isTaking = true;
		while (this.#phase === 'json') {
			if (this.#out.length > mostUnsent) this.#flush();
			if (this.#socket.writableNeedDrain) {
				this.#socket.pause();
				break;
			}
			const end = received.indexOf(newline, start);
			const length = (end === -1 ? received.length : end) - start;
			if (length > maxJsonBytes) this.#refuseLength(received.toString('utf8', start, start + 200));
			else if (end === -1) break;
			else if (length > 1) this.#takeLine(received, start, end);
			start = end + 1;
		}
		this.#received = start === received.length ? nothing : received.subarray(start);
		this.#isTaking = false;
		this.#flush();
	}

	#takeLine(received: Buffer, start: number, end: number): void {
		const text = received.toString('utf8', start, end);
		this.#since = monotonicMs();
		if (text.includes('\ufffd') && !isUtf8(received.subarray(start, end))) {
			this.#refuse(null, `cannot serve ${quoteLine(text)}: it is not UTF-8`);
			return;
		}
		const parsed = parseClientLine(text);
		if (parsed.line === 'error') this.#refuse(parsed.id, parsed.message);
		else if (parsed.line === 'hello') {
			this.#asker = parsed.asker;
			this.#send(renderServerHello(this.#context.serverName));
		} else if (parsed.request.request === 'subscribe') this.#subscribe(parsed.id);
		else this.#askJson(parsed.id, parsed.request);
	}

	#askJson(id: number, request: Request): void {
		if (this.#pending.size >= this.#context.limits.maxWaiting) {
			const why = `${this.#pending.size} earlier requests wait for their replies`;
			this.#refuse(id, `cannot serve "${request.request}": ${why}`);
			return;
		}
		this.#ask(request, this.#asker, outcome => {
			if (outcome.reply === 'failure') this.#refuse(id, outcome.message, outcome.code);
			else if (outcome.reply === 'status') {
				this.#send(renderStatusReply(id, this.#context.renderStatus(outcome.status)));
			} else this.#send(renderReply(id, outcome));
		});
	}

	#ask(request: Request, asker: Asker, answer: (outcome: Outcome) => void): void {
		this.#pending.ask(request, asker, outcome => {
			answer(outcome);
			this.#finishIfDone();
		});
	}

	#subscribe(id: number): void {
		const earlier = this.#subscription;
		if (earlier) {
			this.#refuse(id, `cannot serve "subscribe": request ${earlier.id} subscribed already`);
			return;
		}
		const {handler, renderStatus} = this.#context;
		const delivery = {
			isReady: () => !this.#socket.writableNeedDrain,
			deliver: (status: Status, isFirst: boolean) => {
				const render = isFirst ? renderStatusReply : renderStatusEvent;
				this.#send(render(id, renderStatus(status)));
			},
		};
		try {
			const feed = new Subscription(delivery, listener => handler.subscribe(listener));
			this.#subscription = {id, feed};
		} catch (error) {
			this.#refuse(id, `cannot serve "subscribe": ${errorMessage(error)}`, 'INTERNAL');
		}
	}

	#refuse(id: number | null, message: string, code: ErrorCode = 'PROTOCOL'): void {
		this.#send(renderError(id, code, message));
	}

	#refuseLength(beginning: string): void {
		const kib = this.#context.limits.maxJsonBytes / 1024;
		const why = `cannot serve ${quoteLine(beginning)}: the line exceeds ${kib} KiB`;
		this.#finish(renderError(null, 'PROTOCOL', why));
	}

	#send(text: string): void {
		this.#out += text;
		if (!this.#isTaking) this.#flush();
	}

	#flush(): void {
		if (this.#out === '' || !this.#socket.writable) return;
		const text = this.#out;
		this.#out = '';
		this.#socket.write(text);
	}

	#continue(): void {
		this.#subscription?.feed.catchUp();
		if (this.#phase === 'json') this.#takeLines();
		if (!this.#socket.writableNeedDrain) this.#socket.resume();
		this.#finishIfDone();
	}

	#end(): void {
		if (this.#phase === 'open' || this.#phase === 'text') {
			this.#finish('Command not terminated by newline\n');
		} else {
			this.#unsubscribe();
			this.#hasEnded = true;
			this.#finishIfDone();
		}
	}

	#finishIfDone(): void {
		if (!this.#hasEnded || this.#pending.size > 0 || this.#phase === 'closing') return;
		if (this.#received.includes(newline)) return;
		const rest = this.#received.toString();
		const why = `cannot serve ${quoteLine(rest)}: the line has no end`;
		this.#finish(rest === '' ? '' : renderError(null, 'PROTOCOL', why));
	}

	// The client may still be writing: until it ends, what it sends is read and dropped, within a time limit.
	#finish(text: string): void {
		const all = this.#out + text;
		this.#out = '';
		this.#received = nothing;
		this.#phase = 'closing';
		this.#since = monotonicMs();
		this.#unsubscribe();
		this.#context.wakeAt(this.#idleUntil());
		this.#socket.resume();
		if (this.#mustHangUp) this.#socket.end(all, () => this.#socket.destroy());
		else this.#socket.end(all);
	}

	#idleUntil(): number {
		const {idleMs, firstRequestMs} = this.#context.limits;
		return this.#since + (this.#phase === 'json' ? idleMs : firstRequestMs);
	}

	#expireIdle(): void {
		const {idleMs, firstRequestMs} = this.#context.limits;
		if (this.#phase === 'closing' || this.#socket.writableNeedDrain) this.#socket.destroy();
		else if (this.#phase === 'json') {
			const why = `cannot wait any longer: no request for ${idleMs / 1000} s`;
			this.#finish(renderError(null, 'PROTOCOL', why));
		} else this.#finish(`Command not received within ${firstRequestMs / 1000} seconds\n`);
	}

	#unsubscribe(): void {
		const subscription = this.#subscription;
		this.#subscription = undefined;
		subscription?.feed.end();
	}

	#forget(): void {
		this.#unsubscribe();
		this.#pending.clear();
		this.#received = nothing;
	}
}
