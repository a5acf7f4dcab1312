import type {HistoryRecord} from '../history/history.js';
import type {PlannedStorage} from './planned-storages.js';

type Note = Extract<HistoryRecord, {event: 'decision'}>;

/** Slots of so many seconds before a schedule was first seen count: cron may be who shows it to us, at the slot. */
const graceSeconds = 3600;

/**
 * Since when a schedule holds: a slot before that was not missed. Known from the note in the history; without one,
 * or with one from a time that has not come yet (the clock was set back), since just now.
 */
export const scheduledSince = (
	history: readonly HistoryRecord[],
	planned: PlannedStorage,
	now: number,
): number => (findNote(history, planned, now)?.at ?? now) - graceSeconds;

/** What the history should be told of the schedules that it does not know yet. */
export const noteSchedules = (
	history: readonly HistoryRecord[],
	storages: readonly PlannedStorage[],
	now: number,
): readonly HistoryRecord[] =>
	storages
		.filter(planned => findNote(history, planned, now) === undefined)
		.map(planned => ({
			at: now,
			event: 'decision',
			decision: noted,
			subject: planned.name,
			description: describe(planned),
			by: 'configuration',
		}));

const noted = 'pack-schedule';

/** Only the last note counts: a schedule that comes back after another one begins anew. */
const findNote = (
	history: readonly HistoryRecord[],
	planned: PlannedStorage,
	now: number,
): Note | undefined => {
	const note = history.findLast(
		(record): record is Note =>
			record.event === 'decision' && record.decision === noted && record.subject === planned.name,
	);
	return note?.description === describe(planned) && note.at <= now ? note : undefined;
};

const describe = ({pack: {schedule, timeZone}}: PlannedStorage): string =>
	`packs at ${schedule} (${timeZone ?? "the system's time zone"})`;
