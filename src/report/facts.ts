import type {HistoryRecord} from '../history/history.js';
import type {PackMeasure, PackOutcome, PackRecord} from '../history/pack-record.js';
import {forecastFull, type Point} from './growth.js';
import {listRuns, type PackRun} from './runs.js';
import {sumUpUnrest, type Unrest} from './unrest.js';

/** How a whole run ended: as its worst storage did. */
export type RunOutcome = PackOutcome | 'interrupted';

/** One earlier pack of a storage, for the trend. Bytes include blobs. */
export type TrendPoint = {
	readonly at: number;
	readonly outcome: RunOutcome;
	readonly before: number | null;
	readonly after: number | null;
};

/** What a report says of one storage. */
export type StorageReport = {
	readonly storage: string;
	readonly address: string | null;
	readonly outcome: RunOutcome;
	readonly reason: string | null;
	readonly advice: string | null;
	readonly warnings: readonly string[];
	readonly seconds: number | null;
	readonly before: PackMeasure | null;
	readonly after: PackMeasure | null;
	/** Bytes of data and blobs that are gone; null when that could not be measured. */
	readonly freed: number | null;
	/** The last twelve packs, this one last. */
	readonly trend: readonly TrendPoint[];
	/** Days until the disk is full; null while that cannot be said. */
	readonly fullInDays: number | null;
	/** Unix time of the last good pack; null when the history has none. */
	readonly lastGood: number | null;
	/** Set when no pack has succeeded for too long. */
	readonly overdue: Overdue | null;
};

/** No pack has succeeded since then; `isFloor` when the history does not go back farther. */
export type Overdue = {readonly since: number; readonly isFloor: boolean};

/** The facts of one report. Times are Unix seconds. */
export type Report = {
	readonly instance: string;
	readonly host: string;
	readonly run: string;
	readonly began: number;
	readonly seconds: number | null;
	readonly by: string;
	readonly outcome: RunOutcome;
	/** Whether something needs a person. */
	readonly isBad: boolean;
	readonly freed: number | null;
	readonly storages: readonly StorageReport[];
	readonly unrest: Unrest;
	/** When the next run is due; null when that is not known. */
	readonly nextRun: number | null;
};

/** What a report needs to know beside the history. */
export type ReportSurroundings = {
	readonly instance: string;
	readonly host: string;
	/** Unix seconds. */
	readonly now: number;
	readonly nextRun: number | null;
	/** Seconds without a good pack until that is an alarm. */
	alarmAfter(storage: string): number | null;
};

const trendLength = 12;

/** Whether nothing is wrong with a pack. */
export const isGood = (outcome: RunOutcome): boolean =>
	outcome === 'packed' || outcome === 'nothing-to-drop';

/** The facts about one run of packs. What came after it in the history is not part of them. */
export const gatherFacts = (
	history: readonly HistoryRecord[],
	run: PackRun,
	surroundings: ReportSurroundings,
): Report => {
	const earlier = historyUntil(history, run);
	const names = run.begin?.storages ?? run.packs.map(({storage}) => storage);
	const storages = names.map(name => storageReport(name, run, earlier, surroundings));
	const outcome = worst(storages.map(each => each.outcome));
	const measured = storages.map(({freed}) => freed).filter(freed => freed !== null);
	return {
		instance: surroundings.instance,
		host: surroundings.host,
		run: run.run,
		began: run.began,
		seconds: run.ended === null ? null : Math.max(0, run.ended - run.began),
		by: run.begin?.by ?? 'unknown',
		outcome,
		isBad: !isGood(outcome) || storages.some(({overdue}) => overdue !== null),
		freed: measured.length === 0 ? null : measured.reduce((sum, freed) => sum + freed, 0),
		storages,
		unrest: sumUpUnrest(earlier, lastReportBefore(earlier, run)),
		nextRun: surroundings.nextRun,
	};
};

/** By place, not by time: a clock may have been set back. */
const historyUntil = (
	history: readonly HistoryRecord[],
	{run}: PackRun,
): readonly HistoryRecord[] => {
	const isOfRun = (record: HistoryRecord): boolean => 'run' in record && record.run === run;
	return history.slice(0, history.findLastIndex(isOfRun) + 1);
};

const lastReportBefore = (history: readonly HistoryRecord[], {run}: PackRun): number | null =>
	history.findLast(record => record.event === 'pack-end' && record.run !== run)?.at ?? null;

const storageReport = (
	storage: string,
	run: PackRun,
	history: readonly HistoryRecord[],
	{now, alarmAfter}: ReportSurroundings,
): StorageReport => {
	const pack = run.packs.find(each => each.storage === storage);
	const all = packsOf(history, storage);
	const trend = trendOf(storage, listRuns(history)).slice(-trendLength);
	const free = all.flatMap(freeDisk).slice(-trendLength);
	const limit = alarmAfter(storage);
	return {
		storage,
		address: pack?.address ?? null,
		outcome: pack?.outcome ?? 'interrupted',
		reason: pack === undefined ? 'the run was broken off before its end' : pack.reason,
		advice: pack?.advice ?? null,
		warnings: pack?.warnings ?? [],
		seconds: pack?.seconds ?? null,
		before: pack?.before ?? null,
		after: pack?.after ?? null,
		freed: pack === undefined ? null : freedBy(pack),
		trend,
		fullInDays: forecastFull(free) ?? null,
		lastGood: lastGoodOf(all),
		overdue: limit === null ? null : findOverdue(history, storage, {now, limit}),
	};
};

const packsOf = (history: readonly HistoryRecord[], storage: string): readonly PackRecord[] =>
	history.filter(record => record.event === 'pack').filter(each => each.storage === storage);

const lastGoodOf = (packs: readonly PackRecord[]): number | null =>
	packs.findLast(({outcome}) => isGood(outcome))?.at ?? null;

/** Since when no pack of a storage has succeeded, if that is longer than `limit` seconds. */
export const findOverdue = (
	history: readonly HistoryRecord[],
	storage: string,
	{now, limit}: {readonly now: number; readonly limit: number},
): Overdue | null => {
	const good = lastGoodOf(packsOf(history, storage));
	const since = good ?? history[0]?.at;
	return since !== undefined && now - since > limit ? {since, isFloor: good === null} : null;
};

const freeDisk = ({at, after, before}: PackRecord): readonly Point[] => {
	const value = after?.freeDisk ?? before?.freeDisk;
	return typeof value === 'number' ? [{at, value}] : [];
};

const trendOf = (storage: string, runs: readonly PackRun[]): readonly TrendPoint[] =>
	runs.flatMap(({began, begin, packs}) => {
		const pack = packs.find(each => each.storage === storage);
		if (pack === undefined && begin?.storages.includes(storage) !== true) return [];
		return [
			{
				at: pack?.at ?? began,
				outcome: pack?.outcome ?? 'interrupted',
				before: bytesOf(pack?.before),
				after: bytesOf(pack?.after),
			},
		];
	});

/** Bytes of data and blobs together; null when the data were not measured. */
const bytesOf = (measure: PackMeasure | null | undefined): number | null =>
	typeof measure?.size === 'number' ? measure.size + (measure.blobs?.bytes ?? 0) : null;

/**
 * What was written while a pack ran is in the copy that was kept and in the new file, so that these two tell exactly
 * what was dropped; else the sizes before and after do, nearly.
 */
const freedBy = ({outcome, before, after}: PackRecord): number | null => {
	if (outcome === 'nothing-to-drop') return 0;
	const larger = after?.old ?? before?.size ?? null;
	const smaller = after?.size ?? null;
	if (outcome !== 'packed' || larger === null || smaller === null) return null;
	const blobs = (before?.blobs?.bytes ?? 0) - (after?.blobs?.bytes ?? 0);
	return Math.max(0, larger - smaller) + Math.max(0, blobs);
};

const fromWorst: readonly RunOutcome[] = [
	'failed',
	'interrupted',
	'unknown',
	'skipped',
	'packed',
	'nothing-to-drop',
];

const worst = (outcomes: readonly RunOutcome[]): RunOutcome =>
	fromWorst.find(outcome => outcomes.includes(outcome)) ?? 'interrupted';
