import type {HistoryRecord} from '../../src/history/history.js';
import type {PackMeasure, PackRecord} from '../../src/history/pack-record.js';

/** Monday, 2026-11-23 02:00 UTC. */
export const thisMorning = 1_795_399_200;
export const week = 7 * 86_400;
const mb = 1024 ** 2;

export const measure = (size: number, more: Partial<PackMeasure> = {}): PackMeasure => ({
	size,
	objects: 1000,
	lastTransaction: '0409cf8a4c1c2a3b',
	blobs: null,
	old: null,
	freeDisk: 80_000 * mb,
	...more,
});

/** The pack of one storage; by default it dropped 1200 of 2000 MB. */
export const packOf = (run: string, more: Partial<PackRecord> = {}): PackRecord => ({
	at: thisMorning + 240,
	event: 'pack',
	run,
	storage: '1',
	address: 'localhost:8100',
	outcome: 'packed',
	reason: null,
	advice: null,
	began: thisMorning,
	seconds: 240,
	packTime: thisMorning - week,
	before: measure(2000 * mb, {objects: 1_204_332}),
	after: measure(800 * mb, {objects: 612_004, old: 2000 * mb}),
	warnings: [],
	...more,
});

export const beginOf = (
	run: string,
	at = thisMorning,
	storages: readonly string[] = ['1'],
): Extract<HistoryRecord, {event: 'pack-begin'}> => ({
	at,
	event: 'pack-begin',
	run,
	pid: 4711,
	startTicks: 42,
	boot: 'b7e0',
	storages,
	slot: at,
	by: 'schedule',
});

/** A whole run of one storage. */
export const runOf = (run: string, more: Partial<PackRecord> = {}): readonly HistoryRecord[] => {
	const at = more.at ?? thisMorning + 240;
	const began = more.began ?? at - 240;
	return [
		beginOf(run, began, [more.storage ?? '1']),
		packOf(run, {...more, at, began}),
		{at: at + 1, event: 'pack-end', run, slot: began},
	];
};

/** Weekly runs `r1` to `rN`, the last one this morning; the free disk shrinks by 1 GB a week. */
export const weeklyRuns = (
	runs: number,
	change: (index: number) => Partial<PackRecord> = () => ({}),
): readonly HistoryRecord[] =>
	Array.from({length: runs}, (_, index) => {
		const at = thisMorning + 240 - (runs - 1 - index) * week;
		const size = (1400 + index * 60) * mb;
		const freeDisk = (6000 + (runs - index) * 1024) * mb;
		return runOf(`r${index + 1}`, {
			at,
			before: measure(size, {objects: 1_100_000 + index * 9000, freeDisk: freeDisk + size}),
			after: measure((640 + index * 20) * mb, {
				objects: 590_000 + index * 2000,
				freeDisk,
				old: size,
			}),
			...change(index),
		});
	}).flat();

/** An end that nobody asked for. */
export const crashAt = (
	at: number,
	more: Partial<Extract<HistoryRecord, {event: 'end'}>> = {},
): HistoryRecord => ({
	at,
	event: 'end',
	pid: 99,
	code: null,
	signal: 'SIGSEGV',
	uptime: 3600,
	expected: false,
	description: 'terminated by SIGSEGV',
	decision: 'restart',
	lastOutput: [],
	...more,
});
