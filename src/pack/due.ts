import type {HistoryRecord} from '../history/history.js';
import type {PackBeginRecord, PackOutcome, PackRecord} from '../history/pack-record.js';
import type {PackSettings, StorageSettings} from '../settings/settings.js';
import {type PlannedStorage, planStorages} from './planned-storages.js';
import {openSchedule} from './schedule.js';
import {scheduledSince} from './schedule-note.js';

/** What a decision about the schedule is made from. Times are Unix seconds. */
export type ScheduleFacts = {
	readonly history: readonly HistoryRecord[];
	readonly packs: readonly PackSettings[];
	/** All storages of the server. */
	readonly storages: readonly StorageSettings[];
	readonly now: number;
	/** Whether the process of a run that has no end in the history still runs. */
	readonly isAlive: (begin: PackBeginRecord) => boolean;
};

/** One run that should be made now. */
export type DueRun = {readonly slot: number; readonly storages: readonly string[]};

/** How the latest slot of a storage stands. */
export type SlotState = PlannedStorage & {
	readonly slot: number;
	/** `missed`: all attempts have failed, and there will be no further one. */
	readonly state: 'done' | 'under-way' | 'due' | 'waiting' | 'missed';
	/** Attempts that have begun. */
	readonly attempts: number;
	/** When the slot, or the next attempt, is due; null when neither. */
	readonly dueAt: number | null;
};

/** Seconds from a failed attempt to the next one; after them the slot is given up. */
export const retryDelays: readonly number[] = [3600, 3 * 3600, 9 * 3600];

/**
 * The runs that are due: one for each slot that is later than all that the history shows, whatever else was missed
 * meanwhile. A slot whose run failed is tried again after one, three and nine hours. Runs of a time to come, seen
 * after the clock was set back, say nothing about now, but are not made again when their time comes.
 */
export const dueRuns = (facts: ScheduleFacts): readonly DueRun[] => {
	const due = slotStates(facts).filter(({state}) => state === 'due');
	const slots = [...new Set(due.map(({slot}) => slot))].sort((one, other) => one - other);
	return slots.map(slot => ({
		slot,
		storages: due.filter(storage => storage.slot === slot).map(({name}) => name),
	}));
};

/** How the latest slot of every storage stands that is packed unasked. */
export const slotStates = (facts: ScheduleFacts): readonly SlotState[] =>
	planStorages(facts.packs, facts.storages).map(planned => judge(planned, facts));

const judge = (planned: PlannedStorage, facts: ScheduleFacts): SlotState => {
	const {now, history, isAlive} = facts;
	const slot = openSchedule(planned.pack.schedule, planned.pack.timeZone).latest(now);
	const runs = runsOf(planned.name, history, slot, now);
	const stand = (state: SlotState['state'], dueAt: number | null = null): SlotState => ({
		...planned,
		slot,
		state,
		attempts: runs.length,
		dueAt,
	});
	if (slot <= scheduledSince(history, planned, now)) return stand('done');
	if (hasGoodPack(planned.name, history, slot, now)) return stand('done');
	if (runs.some(({end, begin}) => end === undefined && isAlive(begin))) return stand('under-way');
	const last = runs.at(-1);
	if (last === undefined) return stand('due', slot);
	const delay = retryDelays[runs.length - 1];
	if (delay === undefined) return stand('missed');
	const retryAt = (last.end ?? last.begin.at) + delay;
	return stand(retryAt <= now ? 'due' : 'waiting', retryAt);
};

type Run = {readonly begin: PackBeginRecord; readonly end: number | undefined};

/** The runs for a slot, or for a later one of a schedule that was changed. */
const runsOf = (
	storage: string,
	history: readonly HistoryRecord[],
	slot: number,
	now: number,
): readonly Run[] =>
	history
		.filter((record): record is PackBeginRecord => record.event === 'pack-begin')
		.filter(
			({slot: of, storages}) =>
				of !== null && of >= slot && of <= now && storages.includes(storage),
		)
		.map(begin => ({begin, end: endOf(begin, history)}));

const endOf = ({run}: PackBeginRecord, history: readonly HistoryRecord[]): number | undefined =>
	history.find(record => record.event === 'pack-end' && record.run === run)?.at;

const goodOutcomes: ReadonlySet<PackOutcome> = new Set(['packed', 'nothing-to-drop']);

/** Also one that somebody has made by hand. */
const hasGoodPack = (
	storage: string,
	history: readonly HistoryRecord[],
	slot: number,
	now: number,
): boolean => {
	const runs = new Set(runsOf(storage, history, slot, now).map(({begin}) => begin.run));
	return history.some(
		(record): record is PackRecord =>
			record.event === 'pack' &&
			record.storage === storage &&
			goodOutcomes.has(record.outcome) &&
			(runs.has(record.run) || (record.began >= slot && record.began <= now)),
	);
};
