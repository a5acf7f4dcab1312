import type {HistoryRecord} from '../history/history.js';
import type {PackBeginRecord, PackEndRecord, PackRecord} from '../history/pack-record.js';

/** One run of packs, as far as the history has it. Times are Unix seconds. */
export type PackRun = {
	readonly run: string;
	readonly began: number;
	/** When its last storage was done; null when it was broken off, or goes on. */
	readonly ended: number | null;
	/** Null when the history no longer has the beginning. */
	readonly begin: PackBeginRecord | null;
	readonly packs: readonly PackRecord[];
};

/** The runs of packs in a history, the oldest first. */
export const listRuns = (history: readonly HistoryRecord[]): readonly PackRun[] => {
	const runs = new Map<string, PackRun>();
	for (const record of history) {
		if (!isOfRun(record)) continue;
		const known = runs.get(record.run) ?? emptyRun(record);
		runs.set(record.run, addRecord(known, record));
	}
	return [...runs.values()].filter(({begin, packs}) => begin !== null || packs.length > 0);
};

type RunRecord = PackBeginRecord | PackRecord | PackEndRecord;

const isOfRun = (record: HistoryRecord): record is RunRecord =>
	record.event === 'pack-begin' || record.event === 'pack' || record.event === 'pack-end';

const emptyRun = (record: RunRecord): PackRun => ({
	run: record.run,
	began: record.event === 'pack' ? record.began : record.at,
	ended: null,
	begin: null,
	packs: [],
});

const addRecord = (run: PackRun, record: RunRecord): PackRun => {
	switch (record.event) {
		case 'pack-begin':
			return {...run, began: record.at, begin: record};
		case 'pack':
			return {...run, packs: [...run.packs, record]};
		case 'pack-end':
			return {...run, ended: record.at};
	}
};

/**
 * The runs that deserve a report and have none: those that are over, and those whose process is gone. A history
 * from before there were reports is not reported: only what began in the last `recentSeconds` is.
 */
export const unreportedRuns = (
	history: readonly HistoryRecord[],
	{isAlive, now}: {readonly isAlive: (begin: PackBeginRecord) => boolean; readonly now: number},
): readonly PackRun[] => {
	const reported = new Set(
		history.flatMap(record => (record.event === 'report' && record.run ? [record.run] : [])),
	);
	return listRuns(history).filter(
		({run, began, ended, begin}) =>
			!reported.has(run) &&
			now - began < recentSeconds &&
			(ended !== null || (begin !== null && !isAlive(begin))),
	);
};

const recentSeconds = 30 * 86_400;
