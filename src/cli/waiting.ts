import type {Status} from '../control/messages.js';
import type {Clock} from './system.js';

/** How a wait ended; `last` is the newest status that was seen. */
export type Outcome =
	| {readonly outcome: 'met'; readonly last: Status}
	/** The supervisor went away before the condition was met. */
	| {readonly outcome: 'left'; readonly last: Status | undefined}
	| {readonly outcome: 'too-long'; readonly last: Status | undefined}
	| {readonly outcome: 'interrupted'; readonly last: Status | undefined};

/** The wait fails so many milliseconds after it began, or after the first status for which `from` holds. */
export type Limit = {readonly ms: number; readonly from?: (status: Status) => boolean};

export type WaitOptions = {
	readonly statuses: AsyncIterable<Status>;
	/** Whether what is waited for has happened. */
	readonly until: (status: Status) => boolean;
	/** Bounds of the wait; endless without any. */
	readonly limits?: readonly Limit[];
	/** Called while waiting: a first time after a moment, then once a second. */
	readonly beat: () => void;
	readonly clock: Clock;
	readonly onInterrupt: (listener: () => void) => () => void;
};

/** What happens within this time is not worth a dot. */
const firstBeatMs = 100;

/**
 * Waits for a condition on a stream of statuses and resolves at the very status that meets it. The stream is
 * left as it is; its owner closes it.
 */
export const waitFor = (options: WaitOptions): Promise<Outcome> =>
	new Promise((resolve, reject) => {
		const {statuses, until, limits = [], beat, clock, onInterrupt} = options;
		let last: Status | undefined;
		let over = false;
		let cancelBeat = () => {};
		const running = new Map<Limit, () => void>();

		const end = (): boolean => {
			if (over) return false;
			over = true;
			cancelBeat();
			for (const cancel of running.values()) cancel();
			ignoreInterrupts();
			return true;
		};
		const finish = (outcome: Outcome): void => {
			if (end()) resolve(outcome);
		};
		const scheduleBeat = (delayMs: number): void => {
			cancelBeat = clock.after(delayMs, () => {
				scheduleBeat(1000);
				try {
					beat();
				} catch {
					// A full disk takes no dots; what is waited for goes on, and the words after it fail as they should.
					cancelBeat();
				}
			});
		};
		const startLimits = (status?: Status): void => {
			for (const limit of limits) {
				const starts = limit.from ? status !== undefined && limit.from(status) : true;
				if (!starts || running.has(limit)) continue;
				running.set(
					limit,
					clock.after(limit.ms, () => finish({outcome: 'too-long', last})),
				);
			}
		};
		const follow = async (): Promise<void> => {
			for await (const status of statuses) {
				if (over) return;
				last = status;
				if (until(status)) return finish({outcome: 'met', last: status});
				startLimits(status);
			}
			finish({outcome: 'left', last});
		};

		const ignoreInterrupts = onInterrupt(() => finish({outcome: 'interrupted', last}));
		scheduleBeat(firstBeatMs);
		startLimits();
		follow().catch(error => {
			if (end()) reject(error);
		});
	});
