import type {HistoryRecord} from '../history/history.js';
import type {PackBeginRecord, PackOutcome, PackRecord} from '../history/pack-record.js';
import {type ScheduleFacts, type SlotState, slotStates} from '../pack/due.js';
import {jitteredStart} from '../pack/launch-plan.js';
import {openSchedule} from '../pack/schedule.js';
import type {ScheduleOwner} from '../pack/schedule-owner.js';

/** A run to come. Unix seconds. */
type NextRun = {
	readonly slot: number;
	/** When the supervisor would begin; another owner has a delay of its own. */
	readonly begins: number;
};

/** The last run that a schedule asked for. Unix seconds. */
type LastRun = {
	readonly slot: number;
	readonly began: number;
	/** Null while it is under way, or when it was broken off. */
	readonly outcome: PackOutcome | null;
	readonly reason: string | null;
};

/** The schedule of one storage, as `schedule --json` tells it. */
export type StorageSchedule = {
	readonly storage: string;
	/** A cron expression. */
	readonly schedule: string;
	/** An IANA name; null: the system's. */
	readonly timeZone: string | null;
	/** Seconds. */
	readonly jitter: number;
	readonly next: readonly NextRun[];
	readonly last: LastRun | null;
	/** How the latest slot stands. */
	readonly state: SlotState['state'];
	readonly latestSlot: number;
	readonly attempts: number;
	/** When it is tried again; null when it is not. */
	readonly retryAt: number | null;
	/** Since when a run should have been made that was not; null when all is well. */
	readonly overdueSince: number | null;
	/** The last pack that was good, scheduled or not; null when there was none. */
	readonly lastGood: number | null;
};

export type ScheduleDocument = {
	readonly owner: ScheduleOwner['owner'];
	/** What shows that it is the owner; null for the supervisor. */
	readonly ownerFile: string | null;
	/** Whether the owner is there to start anything: of others that is not known. */
	readonly supervisorRuns: boolean;
	readonly storages: readonly StorageSchedule[];
};

const shownRuns = 5;

/** A run is late by so many seconds before it counts as overdue. */
const graceSeconds = 3600;

/** What is known of the schedule of every storage that is packed unasked. */
export const describeSchedules = (
	facts: ScheduleFacts & {readonly instance: string},
): readonly StorageSchedule[] => slotStates(facts).map(state => describe(state, facts));

const describe = (
	slotState: SlotState,
	facts: ScheduleFacts & {readonly instance: string},
): StorageSchedule => {
	const {name, pack, slot, state, attempts, dueAt} = slotState;
	const {now, instance, history} = facts;
	const isOpen = state === 'due' || state === 'waiting' || state === 'missed';
	const late = slot + pack.jitter + graceSeconds < now;
	return {
		storage: name,
		schedule: pack.schedule,
		timeZone: pack.timeZone ?? null,
		jitter: pack.jitter,
		next: nextSlots(slotState, now).map(next => ({
			slot: next,
			begins: jitteredStart(next, pack, instance),
		})),
		last: lastRun(name, history),
		state,
		latestSlot: slot,
		attempts,
		retryAt: attempts > 0 ? dueAt : null,
		overdueSince: isOpen && late ? slot : null,
		lastGood: lastGood(name, history),
	};
};

const nextSlots = ({pack}: SlotState, now: number): readonly number[] => {
	const schedule = openSchedule(pack.schedule, pack.timeZone);
	const slots: number[] = [];
	for (let at = now; slots.length < shownRuns; at = slots.at(-1) ?? at)
		slots.push(schedule.next(at));
	return slots;
};

const lastRun = (storage: string, history: readonly HistoryRecord[]): LastRun | null => {
	const begin = history.findLast(
		(record): record is PackBeginRecord =>
			record.event === 'pack-begin' && record.slot !== null && record.storages.includes(storage),
	);
	if (begin?.slot == null) return null;
	const record = packsOf(storage, history).find(({run}) => run === begin.run);
	return {
		slot: begin.slot,
		began: begin.at,
		outcome: record?.outcome ?? null,
		reason: record?.reason ?? null,
	};
};

const lastGood = (storage: string, history: readonly HistoryRecord[]): number | null =>
	packsOf(storage, history).findLast(
		({outcome}) => outcome === 'packed' || outcome === 'nothing-to-drop',
	)?.at ?? null;

const packsOf = (storage: string, history: readonly HistoryRecord[]): readonly PackRecord[] =>
	history.filter(
		(record): record is PackRecord => record.event === 'pack' && record.storage === storage,
	);
