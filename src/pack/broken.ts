import type {HistoryRecord} from '../history/history.js';
import type {PackBeginRecord, PackRecord} from '../history/pack-record.js';

/** A run that has ended without a word, as by SIGKILL. */
export type BrokenRun = {
	readonly begin: PackBeginRecord;
	/** Storages that have no record, in their order: the first may have been asked of the server. */
	readonly storages: readonly string[];
};

/** The runs of a history that began and did not end, and whose process has gone. */
export const findBrokenRuns = (
	history: readonly HistoryRecord[],
	isRunning: (begin: PackBeginRecord) => boolean,
): readonly BrokenRun[] => {
	const ended = new Set(history.flatMap(each => (each.event === 'pack-end' ? [each.run] : [])));
	return history
		.filter((each): each is PackBeginRecord => each.event === 'pack-begin')
		.filter(begin => !ended.has(begin.run) && !isRunning(begin))
		.map(begin => ({begin, storages: withoutRecord(begin, history)}));
};

const withoutRecord = (
	{run, storages}: PackBeginRecord,
	history: readonly HistoryRecord[],
): readonly string[] => {
	const recorded = history.flatMap(each =>
		each.event === 'pack' && each.run === run ? [each.storage] : [],
	);
	return storages.filter(storage => !recorded.includes(storage));
};

/** The last good pack of a storage that was measured. */
export const findLastPack = (
	history: readonly HistoryRecord[],
	storage: string,
): PackRecord | undefined =>
	history.findLast(
		(each): each is PackRecord =>
			each.event === 'pack' &&
			each.storage === storage &&
			each.outcome === 'packed' &&
			each.before !== null &&
			each.after !== null,
	);
