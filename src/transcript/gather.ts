import {performance} from 'node:perf_hooks';

/**
 * Makes short lines in a flood come many at a time: after a small read that followed another one at once it waits a
 * twentieth of a millisecond, in which the program goes on writing. Else both would wake each other at each line,
 * which costs more than the line. No timer is short enough, and a pipe is full within a millisecond.
 */
export const createGatherer = (): ((readBytes: number) => void) => {
	let last = 0;
	return readBytes => {
		if (readBytes >= enoughBytes) return;
		if (performance.now() - last < floodMs) Atomics.wait(never, 0, 0, napMs);
		last = performance.now();
	};
};

const never = new Int32Array(new SharedArrayBuffer(4));
const enoughBytes = 16_384;
const floodMs = 0.2;
const napMs = 0.05;
