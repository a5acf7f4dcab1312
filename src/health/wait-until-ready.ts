import {setTimeout as sleepFor} from 'node:timers/promises';
import {errorMessage} from '../platform/errors.js';
import type {ProbeResult} from './probe.js';
import {nextProbeDelay} from './probe-delay.js';

/** How the waiting ended; `last` is what the last completed attempt found. */
export type Readiness =
	| {readonly ready: true; readonly last: ProbeResult}
	| {readonly ready: false; readonly last: ProbeResult | undefined};

export type WaitOptions = {
	/** One attempt; it may reject once the signal is aborted. */
	readonly probe: (signal: AbortSignal) => Promise<ProbeResult>;
	/** Aborted when the program ended, or nobody waits any longer. */
	readonly signal: AbortSignal;
	/** Resolves or rejects when the signal is aborted. */
	readonly sleep?: (delayMs: number, signal: AbortSignal) => Promise<void>;
	readonly delay?: (attempt: number, last: ProbeResult['probe']) => number;
};

/**
 * Asks a starting server until it is ready or `signal` is aborted, and is idle in between. Never rejects: an attempt
 * that fails is an attempt that found nobody.
 */
export const waitUntilReady = async ({
	probe,
	signal,
	sleep = sleepUnlessAborted,
	delay = nextProbeDelay,
}: WaitOptions): Promise<Readiness> => {
	let last: ProbeResult | undefined;
	for (let attempt = 0; !signal.aborted; attempt++) {
		const found = await tryProbe(probe, signal);
		if (signal.aborted) {
			break;
		}

		if (found.probe === 'ready') {
			return {ready: true, last: found};
		}

		last = found;
		await sleep(delay(attempt, found.probe), signal).catch(() => undefined);
	}

	return {ready: false, last};
};

const tryProbe = async (probe: WaitOptions['probe'], signal: AbortSignal): Promise<ProbeResult> => {
	try {
		return await probe(signal);
	} catch (error) {
		return {probe: 'unready', problem: 'down', reason: errorMessage(error)};
	}
};

const sleepUnlessAborted = (delayMs: number, signal: AbortSignal): Promise<void> =>
	sleepFor(delayMs, undefined, {signal});
