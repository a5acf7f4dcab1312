import type {ProbeResult} from './probe.js';

const firstMs = 10;
const growth = 1.5;
const longestMs = 250;
/** Once somebody listens, each question costs the server a line in its log. */
const longestAnsweredMs = 1000;

/**
 * Milliseconds until a starting server is asked again: short at first, growing with every attempt (counted from 0),
 * and longer once there is somebody who answers, wrongly.
 */
export const nextProbeDelay = (attempt: number, last: ProbeResult['probe']): number =>
	last === 'absent'
		? Math.min(longestMs, firstMs * growth ** attempt)
		: Math.min(longestAnsweredMs, longestMs + firstMs * growth ** attempt);
