import type {HistoryRecord} from '../history/history.js';
import type {PlannedStorage} from './planned-storages.js';

/** A storage that no pack has succeeded for, for longer than its `alarm-after`. */
export type OverduePack = {
	readonly storage: string;
	/** Unix time of the last good pack, or of the beginning of the history. */
	readonly since: number;
	/** Whether the history has no good pack. */
	readonly isFloor: boolean;
};

/** The storages that are overdue, among those that are packed unasked. */
export const overduePacks = (
	history: readonly HistoryRecord[],
	planned: readonly PlannedStorage[],
	now: number,
): readonly OverduePack[] =>
	planned.flatMap(({name, pack}) => {
		const good = history.findLast(record => isGoodPack(record, name))?.at;
		const since = good ?? history[0]?.at;
		return since !== undefined && now - since > pack.alarmAfter
			? [{storage: name, since, isFloor: good === undefined}]
			: [];
	});

const isGoodPack = (record: HistoryRecord, storage: string): boolean =>
	record.event === 'pack' &&
	record.storage === storage &&
	(record.outcome === 'packed' || record.outcome === 'nothing-to-drop');

/** What the alarm says; the day is that of UTC. */
export const describeOverdue = ({storage, since, isFloor}: OverduePack): string => {
	const day = new Date(since * 1000).toISOString().slice(0, 10);
	return isFloor
		? `no pack of storage ${storage} has succeeded since ${day}, when the history begins`
		: `the last good pack of storage ${storage} was on ${day}`;
};

/** The alarms that the history lacks: each is told once, until there is another good pack. */
export const noteOverdue = (
	history: readonly HistoryRecord[],
	planned: readonly PlannedStorage[],
	now: number,
): readonly Extract<HistoryRecord, {event: 'alarm'}>[] =>
	overduePacks(history, planned, now)
		.map(describeOverdue)
		.filter(text => !history.some(record => record.event === 'alarm' && record.text === text))
		.map(text => ({at: now, event: 'alarm', alarm: 'pack-overdue', text}));
