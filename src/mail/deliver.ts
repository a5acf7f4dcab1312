import {errorMessage} from '../platform/errors.js';
import type {Composed} from './compose.js';
import type {Message} from './message.js';
import {isDue, planRetry} from './retry.js';
import type {Entry, Spool} from './spool.js';
import {type Delivered, DeliveryError, type MailTransport} from './transport.js';

/** What became of one message in one attempt. */
export type Attempt = {
	readonly message: Message;
	readonly attempts: number;
} & (
	| ({readonly result: 'sent'} & Delivered)
	| {
			readonly result: 'postponed' | 'given-up';
			readonly reason: string;
			readonly hint: string | undefined;
			readonly isPermanent: boolean;
	  }
);

export type Deliverer = {
	readonly spool: Spool;
	readonly transport: MailTransport;
	compose(message: Message): Promise<Composed>;
	/** Unix seconds. */
	now(): number;
	/** Called after each attempt, before a sent message leaves the outbox. */
	onAttempt(attempt: Attempt): void;
	/** Milliseconds for one attempt. */
	readonly limitMs?: number;
};

const usualLimitMs = 90_000;

/** Tries messages of the outbox once: those that are due, or all, given up ones too. */
export const deliverOnce = async (deliverer: Deliverer, which: 'due' | 'all'): Promise<void> => {
	const {spool, now} = deliverer;
	const entries = spool.list().filter(({place, due}) => {
		if (which === 'all') return place !== 'sending';
		return place === 'waiting' && isDue(due, now());
	});
	for (const entry of entries) await attempt(deliverer, entry);
};

/**
 * Tries messages until they are sent or refused for good, or the time is over: with pauses of 5, 10, 20 ... seconds.
 * Returns how many of them still wait.
 */
export const deliverFor = async (
	deliverer: Deliverer,
	{
		hashes,
		seconds,
		sleep,
	}: {
		/** Of the messages; others wait for their own time. */
		readonly hashes: ReadonlySet<string>;
		readonly seconds: number;
		sleep(ms: number): Promise<void>;
	},
): Promise<number> => {
	const {spool, now} = deliverer;
	const deadline = now() + seconds;
	const hopeless = new Set<string>();
	const open = (): readonly Entry[] =>
		spool.list().filter(({hash, place}) => hashes.has(hash) && place === 'waiting');
	for (let pause = 5; ; pause *= 2) {
		for (const entry of open().filter(({hash}) => !hopeless.has(hash))) {
			const outcome = await attempt(deliverer, entry);
			if (outcome !== undefined && outcome.result !== 'sent' && outcome.isPermanent)
				hopeless.add(entry.hash);
		}
		const left = open();
		const isOver = left.every(({hash}) => hopeless.has(hash)) || now() + pause > deadline;
		if (isOver) return left.length;
		await sleep(pause * 1000);
	}
};

const attempt = async (deliverer: Deliverer, waiting: Entry): Promise<Attempt | undefined> => {
	const {spool, now, onAttempt} = deliverer;
	const entry = spool.claim(waiting);
	if (entry === undefined) return undefined;
	const message = spool.read(entry);
	if (message === undefined) {
		// Nobody could ever send it; it is kept for a person to look at.
		spool.giveUp(entry, 'the file is not a message');
		return undefined;
	}
	const outcome = await send(deliverer, message);
	const attempts = entry.attempts;
	if (outcome.result === 'sent') {
		const sent = {message, attempts, ...outcome};
		onAttempt(sent);
		spool.remove(entry);
		return sent;
	}
	const plan = planRetry(entry, now());
	const failed: Attempt = {
		message,
		attempts,
		...outcome,
		result: plan === 'give-up' ? 'given-up' : 'postponed',
	};
	if (plan === 'give-up') spool.giveUp(entry, outcome.reason);
	else spool.postpone(entry, plan.due, outcome.reason);
	onAttempt(failed);
	return failed;
};

const send = async ({compose, transport, limitMs = usualLimitMs}: Deliverer, message: Message) => {
	try {
		const composed = await compose(message);
		const delivered = await transport.deliver(composed, AbortSignal.timeout(limitMs));
		return {result: 'sent' as const, ...delivered};
	} catch (error) {
		const isKnown = error instanceof DeliveryError;
		return {
			result: 'postponed' as const,
			reason: errorMessage(error),
			hint: isKnown ? error.hint : undefined,
			isPermanent: isKnown && error.isPermanent,
		};
	}
};
