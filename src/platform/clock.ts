/**
 * Milliseconds that never jump. Not `performance.now()`, which loads half a megabyte of Node's measuring code into
 * every supervisor.
 */
export const monotonicMs = (): number => process.uptime() * 1000;

/** The time sources and timers of the operating system; everything else takes them as arguments. */
export const systemClock = {
	monotonicMs,
	unixSeconds: (): number => Date.now() / 1000,
};

/** Timers that may be longer than the 24.8 days which one `setTimeout` can wait. */
export const systemTimers = {
	after(ms: number, callback: () => void): () => void {
		let timer: NodeJS.Timeout;
		const arm = (left: number): void => {
			const part = Math.min(left, longestTimeoutMs);
			timer = setTimeout(() => (left > part ? arm(left - part) : callback()), part);
		};
		arm(ms);
		return () => clearTimeout(timer);
	},
};

const longestTimeoutMs = 2 ** 31 - 1;
