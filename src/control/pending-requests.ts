import {monotonicMs} from '../platform/clock.js';
import {type ErrorCode, errorMessage} from '../platform/errors.js';
import type {Limits} from './limits.js';
import type {Asker, Reply, Request, RequestHandler} from './messages.js';

/** What became of a request: a reply, or why there is none, with the name of the request. */
export type Outcome =
	| Reply
	| {readonly reply: 'failure'; readonly code: ErrorCode; readonly message: string};

type ReplyLimits = Pick<Limits, 'replyMs' | 'reopenMs'>;

type Pending = {readonly deadline: number; readonly settle: (outcome?: Outcome) => void};

/** The requests of one connection that wait for the supervisor, each for a limited time. */
export class PendingRequests {
	readonly #handler: RequestHandler;
	readonly #limits: ReplyLimits;
	readonly #wakeAt: (time: number) => void;
	readonly #pending = new Set<Pending>();

	constructor(options: {
		readonly handler: RequestHandler;
		readonly limits: ReplyLimits;
		/** Asks for a call of `expire` at that time of `monotonicMs()` at the latest. */
		readonly wakeAt: (time: number) => void;
	}) {
		this.#handler = options.handler;
		this.#limits = options.limits;
		this.#wakeAt = options.wakeAt;
	}

	get size(): number {
		return this.#pending.size;
	}

	/** Calls `answer` once, before it returns if the supervisor replies at once. */
	ask(request: Request, asker: Asker, answer: (outcome: Outcome) => void): void {
		const fail = (code: ErrorCode, why: string): Outcome => ({
			reply: 'failure',
			code,
			message: `cannot serve "${request.request}": ${why}`,
		});
		let reply: Reply | Promise<Reply>;
		try {
			reply = this.#handler.handle(request, asker);
		} catch (error) {
			answer(fail('INTERNAL', errorMessage(error)));
			return;
		}
		if (!(reply instanceof Promise)) {
			answer(reply);
			return;
		}
		const settle = (outcome?: Outcome) => {
			if (!this.#pending.delete(pending)) return;
			answer(outcome ?? fail('SUPERVISOR_HUNG', 'the supervisor did not get it done in time'));
		};
		const {replyMs, reopenMs} = this.#limits;
		const limitMs = request.request === 'reopen-transcript' ? reopenMs : replyMs;
		const pending = {deadline: monotonicMs() + limitMs, settle};
		this.#pending.add(pending);
		this.#wakeAt(pending.deadline);
		reply.then(settle, error => settle(fail('INTERNAL', errorMessage(error))));
	}

	/** Refuses what has waited too long; returns when the next one will have. */
	expire(now: number): number {
		for (const {deadline, settle} of this.#pending) if (deadline <= now) settle();
		return Math.min(...Array.from(this.#pending, ({deadline}) => deadline));
	}

	/** Forgets all of them: nobody is there to be answered. */
	clear(): void {
		this.#pending.clear();
	}
}
