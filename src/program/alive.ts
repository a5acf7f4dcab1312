import {setTimeout as sleep, setImmediate as turn} from 'node:timers/promises';
import {monotonicMs} from '../platform/clock.js';
import {readProcessStat} from '../platform/process-stat.js';

/**
 * How long a program without a readiness test must live to count as started. Node's spawn returns after the exec,
 * and a shell that cannot run its script is gone after 2 to 19 ms.
 */
const trialMs = 30;

/** A program whose last life ended by itself, and too soon, is looked at for longer before it is called started. */
const longTrialMs = 1000;

/**
 * Resolves once the process has outlived its trial, which began with its exec; never when it has ended or the signal
 * aborts first.
 */
export const outlivesTrial = async (
	pid: number,
	signal: AbortSignal,
	hasFailed: boolean,
	executedMs = monotonicMs(),
): Promise<void> => {
	const endMs = executedMs + (hasFailed ? longTrialMs : trialMs);
	try {
		// A timer counts whole milliseconds, from the beginning of the turn in which it was set: the rest passes in turns.
		const wholeMs = Math.floor(endMs - monotonicMs());
		if (wholeMs > 0) await sleep(wholeMs, undefined, {signal});
		while (monotonicMs() < endMs) await turn(undefined, {signal});
	} catch {
		return;
	}
	const stat = readProcessStat(pid);
	if (stat === undefined || stat.state === 'Z' || stat.state === 'X') await new Promise(() => {});
};
