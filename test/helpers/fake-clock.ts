import type {Clock} from '../../src/cli/system.js';

export type FakeClock = Clock & {
	/** Lets so many milliseconds pass: timers fire in order, and what they started gets its turn in between. */
	advance(ms: number): Promise<void>;
	/** How many timers wait. */
	waiting(): number;
};

/** A clock that stands still until it is told to go on. */
export const fakeClock = (startMs = 1_800_000_000_000): FakeClock => {
	let now = startMs;
	let timers: {readonly due: number; readonly callback: () => void}[] = [];

	const next = (limit: number) =>
		timers.filter(({due}) => due <= limit).sort((left, right) => left.due - right.due)[0];

	return {
		now: () => now,
		after(delayMs, callback) {
			const timer = {due: now + delayMs, callback};
			timers.push(timer);
			return () => {
				timers = timers.filter(other => other !== timer);
			};
		},
		async advance(ms) {
			const end = now + ms;
			await settle();
			for (let timer = next(end); timer; timer = next(end)) {
				const due = timer;
				timers = timers.filter(other => other !== due);
				now = due.due;
				due.callback();
				await settle();
			}
			now = end;
		},
		waiting: () => timers.length,
	};
};

/** Lets everything that is ready to run, run. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
