import type {HistoryRecord} from '../history/history.js';
import {type DueRun, dueRuns, type ScheduleFacts} from './due.js';
import {planStorages} from './planned-storages.js';
import {noteSchedules} from './schedule-note.js';

/** One run for a slot, as `runPacks` is asked for it. */
export type ScheduledRun = DueRun & {
	readonly by: 'schedule';
	/** Decides again with the lock held: another owner of the schedule may have been faster. */
	readonly stillDue: () => boolean;
};

/**
 * What `pack --scheduled` does: the runs that are due now, one after another, the oldest slot first. Who calls does
 * not matter: a supervisor, a timer and cron may all do it, and each slot is packed once. Resolves to what `run`
 * did; to nothing when nothing is due.
 */
export const runScheduled = async <Result>(options: {
	/** Reads the history anew at each call. */
	readonly readFacts: () => ScheduleFacts;
	readonly append: (record: HistoryRecord) => void;
	readonly run: (request: ScheduledRun) => Promise<Result>;
}): Promise<readonly Result[]> => {
	const {readFacts, append, run} = options;
	const {history, packs, storages, now} = readFacts();
	for (const note of noteSchedules(history, planStorages(packs, storages), now)) append(note);
	const results: Result[] = [];
	for (const due of dueRuns(readFacts())) {
		const stillDue = (): boolean => dueRuns(readFacts()).some(other => isSame(other, due));
		results.push(await run({...due, by: 'schedule', stillDue}));
	}
	return results;
};

const isSame = (one: DueRun, other: DueRun): boolean =>
	one.slot === other.slot && other.storages.every(storage => one.storages.includes(storage));
