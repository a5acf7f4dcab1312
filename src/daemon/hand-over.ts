import type {Reply, Status} from '../control/messages.js';
import {errorMessage} from '../platform/errors.js';
import type {Predecessor} from '../supervisor/report.js';
import type {KeptSocket} from './instance-lock.js';
import type {Successor} from './successor.js';

/** How far a hand-over has come, for those who want to know. */
export type HandOverStep =
	| 'order-read'
	| 'successor-started'
	| 'successor-stands-by'
	| 'held'
	| 'told-to-go'
	| 'given';

/** What a hand-over needs of the supervisor that it is about. */
export type HandOverPorts = {
	readonly status: () => Status;
	/** Why the program cannot be given away now; undefined when it can. */
	readonly objection: () => string | undefined;
	readonly predecessor: (program: number) => Predecessor;
	readonly readOrder: (signal: AbortSignal) => Promise<string>;
	readonly startSuccessor: (order: string, predecessor: Predecessor) => Promise<Successor>;
	/** Resolves when nothing is done to the program's output any more. */
	readonly calm: () => Promise<unknown>;
	/** Stops whatever acts on the program, and keeps the socket under a second name. */
	readonly suspend: () => KeptSocket;
	/** The program stays ours. */
	readonly resume: () => void;
	/** The program is the successor's: leave. */
	readonly leave: () => void;
	/** Hears how it goes; `failed` with the reason. */
	readonly note: (state: 'under-way' | 'done' | 'failed', reason: string | null) => void;
	readonly trace?: ((step: HandOverStep) => void) | undefined;
};

export type HandOver = {
	/** Begins, or joins the one that is under way. */
	begin(): Reply;
	/** What was asked for comes first: a successor that has not been told to go is ended. */
	cancel(why: string): void;
	/** Who has the program, once that is certain; undefined: it is ours. */
	settled(): Promise<{readonly successor: number} | undefined> | undefined;
};

/** Milliseconds until a successor must stand by, and from the word to go until it must be in place. */
const limits = {standingBy: 60_000, inPlace: 15_000};

/**
 * Gives a running program to a successor. Until the successor has been told to go it does nothing but get ready;
 * from then on nobody acts until it has said that it is in place, or is dead. So there is one supervisor at any time,
 * or none that acts, and whoever is killed leaves a program that the next start finds.
 */
export const createHandOver = (ports: HandOverPorts): HandOver => {
	const {status, objection, note, trace, leave, resume} = ports;
	let cancellation: AbortController | undefined;
	let commitment: Promise<{readonly successor: number} | undefined> | undefined;

	/** Rejects when the program stays ours. */
	const commit = async (successor: Successor, kept: KeptSocket): Promise<void> => {
		try {
			successor.go(status());
			trace?.('told-to-go');
			await within(limits.inPlace, successor.inPlace, 'it does not take over in time');
			trace?.('given');
		} catch (error) {
			await successor.kill();
			// It may have taken over and died, or somebody else may have found its socket without a listener.
			const isGiven = await successor.inPlace.then(
				() => true,
				() => false,
			);
			if (!isGiven && (await kept.restore())) throw error;
		}
		kept.drop();
	};

	const prepare = async (pid: number | null, signal: AbortSignal): Promise<Successor> => {
		const order = await ports.readOrder(signal);
		trace?.('order-read');
		signal.throwIfAborted();
		const successor = await ports.startSuccessor(order, ports.predecessor(pid ?? 0));
		trace?.('successor-started');
		try {
			await Promise.race([
				within(limits.standingBy, successor.standingBy, 'it is not ready in time'),
				aborted(signal),
			]);
			trace?.('successor-stands-by');
			await ports.calm();
			return successor;
		} catch (error) {
			await successor.kill();
			throw error;
		}
	};

	/** What was asked for or has happened while the successor got ready comes first. */
	const checkAndSuspend = (pid: number | null, signal: AbortSignal): KeptSocket => {
		signal.throwIfAborted();
		const reason = status().pid === pid ? objection() : 'the program has ended meanwhile';
		if (reason !== undefined) throw new Error(reason);
		return ports.suspend();
	};

	const run = async (signal: AbortSignal): Promise<void> => {
		const {pid} = status();
		const successor = await prepare(pid, signal);
		let kept: KeptSocket;
		try {
			kept = checkAndSuspend(pid, signal);
		} catch (error) {
			await successor.kill();
			throw error;
		}
		let settle = (_: {readonly successor: number} | undefined): void => undefined;
		commitment = new Promise(resolve => {
			settle = resolve;
		});
		trace?.('held');
		try {
			await commit(successor, kept);
		} catch (error) {
			kept.drop();
			resume();
			settle(undefined);
			commitment = undefined;
			throw error;
		}
		settle({successor: successor.pid});
		note('done', null);
		leave();
	};

	return {
		begin() {
			if (cancellation !== undefined) return {reply: 'handing-over'};
			const reason = objection();
			if (reason !== undefined) return {reply: 'refused', reason};
			cancellation = new AbortController();
			note('under-way', null);
			run(cancellation.signal).catch(error => {
				cancellation = undefined;
				note('failed', errorMessage(error));
			});
			return {reply: 'handing-over'};
		},
		cancel(why) {
			if (commitment === undefined) cancellation?.abort(new Error(why));
		},
		settled: () => commitment,
	};
};

const within = async (ms: number, work: Promise<void>, otherwise: string): Promise<void> => {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`the new supervisor is ended: ${otherwise}`)), ms);
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
};

const aborted = (signal: AbortSignal): Promise<never> =>
	new Promise((_resolve, reject) => {
		const fail = (): void => reject(signal.reason);
		if (signal.aborted) fail();
		else signal.addEventListener('abort', fail, {once: true});
	});
