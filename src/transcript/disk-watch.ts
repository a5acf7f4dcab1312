import {stallMs} from './stall.js';

/** What a disk refuses: a write, or already the file for it, which a log that is there does not need. */
type Refusal = {readonly what: 'write' | 'file'; readonly failure: string};

/** What one trial of a disk came to. `untried`: it could not be made, which says nothing about the disk. */
export type Trial =
	| {readonly trial: 'written' | 'untried'}
	| ({readonly trial: 'refused'} & Refusal);

/** How a disk is. `slow`: it has taken so long to write what it should have in no time. */
export type DiskVerdict =
	| {readonly disk: 'well'}
	| ({readonly disk: 'failing'} & Refusal)
	| {readonly disk: 'hanging'}
	| {readonly disk: 'slow'; readonly tookMs: number};

export type DiskWatchOptions = {
	/** Writes something. Never rejects; may never resolve. */
	readonly tryDisk: () => Promise<Trial>;
	/** Called when it is another one than before. */
	readonly onVerdict: (verdict: DiskVerdict) => void;
	readonly after: (ms: number, callback: () => void) => () => void;
	readonly monotonicMs: () => number;
};

/** Finds out how a disk is that others write to. */
export type DiskWatch = {
	/** Who writes to it has stopped, or cannot go on: a trial soon, but not often while all is well. */
	suspect(): void;
	/** The same from a periodic look, which comes again: a trial now, or none. */
	glance(): void;
	/** Somebody asks: resolves when that is known as of now, or after a while. */
	ask(): Promise<void>;
	/** No trial begins any more, until the next suspicion or question. */
	rest(): void;
};

/**
 * Tries a disk when something speaks for it: nothing wakes up while nothing is written. Never two trials at a time:
 * one that does not come to its end is itself the answer. A disk that has been slow is tried again until it is not.
 */
export const createDiskWatch = ({
	tryDisk,
	onVerdict,
	after,
	monotonicMs,
}: DiskWatchOptions): DiskWatch => {
	let verdict: DiskVerdict = {disk: 'well'};
	let trial: Promise<void> | undefined;
	let lastEnd = Number.NEGATIVE_INFINITY;
	let cancelNext: (() => void) | undefined;
	let isResting = false;

	const conclude = (found: DiskVerdict): void => {
		if (JSON.stringify(found) === JSON.stringify(verdict)) return;
		verdict = found;
		onVerdict(verdict);
	};

	const cancel = (): void => {
		cancelNext?.();
		cancelNext = undefined;
	};

	const run = async (): Promise<void> => {
		const began = monotonicMs();
		const cancelStall = after(stallMs, () => conclude({disk: 'hanging'}));
		const found = await tryDisk();
		cancelStall();
		trial = undefined;
		lastEnd = monotonicMs();
		conclude(judgeTrial(found, lastEnd - began, verdict));
		if (verdict.disk === 'slow' && !isResting) tryLater(slowPauseMs);
	};

	const tryNow = (): Promise<void> => {
		isResting = false;
		cancel();
		trial ??= run();
		return trial;
	};

	const tryLater = (ms: number): void => {
		cancelNext ??= after(ms, () => void tryNow());
	};

	const restMs = (): number =>
		verdict.disk === 'well' ? lastEnd + calmPauseMs - monotonicMs() : 0;

	return {
		suspect() {
			if (trial !== undefined) return;
			if (restMs() > 0) tryLater(restMs());
			else void tryNow();
		},
		glance() {
			if (trial === undefined && restMs() <= 0) void tryNow();
		},
		async ask() {
			const isKnown = verdict.disk === 'well' && monotonicMs() - lastEnd < freshMs;
			if (isKnown && trial === undefined) return;
			let cancelPatience = (): void => undefined;
			const late = new Promise<void>(resolve => {
				cancelPatience = after(patienceMs, resolve);
			});
			await Promise.race([tryNow(), late]).finally(cancelPatience);
		},
		rest() {
			isResting = true;
			cancel();
		},
	};
};

/** What a trial says that has taken so long. */
export const judgeTrial = (found: Trial, tookMs: number, before: DiskVerdict): DiskVerdict => {
	if (found.trial === 'refused') {
		const {what, failure} = found;
		return {disk: 'failing', what, failure};
	}
	if (found.trial === 'untried') return before.disk === 'hanging' ? {disk: 'well'} : before;
	return tookMs < stallMs ? {disk: 'well'} : {disk: 'slow', tookMs};
};

/** Milliseconds. */
const calmPauseMs = 30_000;
const slowPauseMs = 5000;
/** An answer of this age is one as of now. */
const freshMs = 1000;
/** So long a question may take. */
const patienceMs = 2000;
