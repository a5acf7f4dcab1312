import type {Clock} from './system.js';

/** How often a program is asked, and how long it has for it each time. */
const patience = {attempts: 5, looks: 20, lookMs: 100};

/**
 * Asks a program again that still writes to its old logs after a first signal: Python drops what a signal handler does
 * when it interrupts the writing of a line. Resolves to the files that it has not left.
 */
export const insistOnReopening = async ({
	findStale,
	ask,
	after,
}: {
	readonly findStale: () => readonly string[];
	readonly ask: () => void;
	readonly after: Clock['after'];
}): Promise<readonly string[]> => {
	const pause = (): Promise<void> =>
		new Promise(resolve => void after(patience.lookMs, () => resolve()));
	for (let attempt = 1; ; attempt += 1) {
		for (let look = 0; look < patience.looks; look += 1) {
			if (findStale().length === 0) return [];
			await pause();
		}
		if (attempt === patience.attempts) return findStale();
		ask();
	}
};
