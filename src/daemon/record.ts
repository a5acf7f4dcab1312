import {appendHistory, type HistoryRecord} from '../history/history.js';
import {recordsFromEnd} from '../history/read-last.js';
import {systemClock} from '../platform/clock.js';
import type {History} from '../supervisor/ports.js';

/** A record without its time. */
type Happening = HistoryRecord extends infer Each
	? Each extends HistoryRecord
		? Omit<Each, 'at'>
		: never
	: never;

/**
 * The history of a state directory, as the supervisor needs it. Lives shorter than `backoffLimit` seconds are failures.
 * What is adopted of a living predecessor is a hand-over. A life that ended while nobody watched is ended by the start of the
 * next one. An end that is followed by a start at once is written down
 * a moment later, at the latest before that start: the next life need not wait for the record of the last.
 */
export const openRecord = (
	stateDirectory: string,
	backoffLimit: number,
	predecessor?: number,
): History => {
	const {lastEnd: last, ...former} = readLastLives(stateDirectory);
	let {unended} = former;
	let held: HistoryRecord | undefined;
	const writeHeld = (): void => {
		if (held !== undefined) appendHistory(stateDirectory, held);
		held = undefined;
	};
	/** The life before has ended unseen, unless it is the adopted one. */
	const endFormer = (adopted?: number): void => {
		if (unended !== undefined && unended.pid !== adopted)
			appendHistory(stateDirectory, unseenEnd(unended));
		unended = undefined;
	};
	const append = (what: Happening): void => {
		writeHeld();
		appendHistory(stateDirectory, timed(what));
	};
	const appendSoon = (what: Happening): void => {
		writeHeld();
		held = timed(what);
		setImmediate(writeHeld);
	};
	return {
		hasFailed:
			last !== undefined &&
			!(last.expected || last.unseen) &&
			last.uptime < Math.max(1, backoffLimit),
		started(pid) {
			endFormer();
			append({event: 'start', pid, supervisor: process.pid});
		},
		adopted(pid) {
			endFormer(pid);
			append(
				predecessor === undefined
					? {event: 'adoption', pid, supervisor: process.pid}
					: {event: 'handover', pid, supervisor: process.pid, predecessor},
			);
		},
		refused: reason => append({event: 'refusal', reason}),
		ended: ({pid, code, signal, uptimeMs, expected, description, evidence}, decision, lastOutput) =>
			(decision === 'restart' ? appendSoon : append)({
				event: 'end',
				pid,
				code,
				signal,
				uptime: uptimeMs / 1000,
				expected,
				description,
				decision,
				lastOutput,
				...evidence,
			}),
	};
};

const timed = (what: Happening): HistoryRecord => ({at: systemClock.unixSeconds(), ...what});

type RecordOf<Event extends HistoryRecord['event']> = Extract<
	HistoryRecord,
	{readonly event: Event}
>;

const isEnd = (record: HistoryRecord): record is RecordOf<'end'> => record.event === 'end';

type BeginRecord = RecordOf<'start'> | RecordOf<'adoption'> | RecordOf<'handover'>;

const isBegin = (record: HistoryRecord): record is BeginRecord =>
	record.event === 'start' || record.event === 'adoption' || record.event === 'handover';

type LastLives = {
	readonly lastEnd: RecordOf<'end'> | undefined;
	/** The start of the last life, if its end is not known. */
	readonly unended: RecordOf<'start'> | undefined;
};

/** Reads no more of the history than it needs, from its end: a start waits for it. */
const readLastLives = (stateDirectory: string): LastLives => {
	let lastBegin: BeginRecord | undefined;
	let lastEnd: RecordOf<'end'> | undefined;
	let unended: RecordOf<'start'> | undefined;
	try {
		for (const record of recordsFromEnd(stateDirectory)) {
			if (isEnd(record)) lastEnd ??= record;
			else if (lastEnd === undefined && isBegin(record)) lastBegin ??= record;
			if (unended === undefined && record.event === 'start' && record.pid === lastBegin?.pid)
				unended = record;
			if (lastEnd !== undefined && (lastBegin === undefined || unended !== undefined)) break;
		}
	} catch {
		// What may not be read is not known.
	}
	return {lastEnd, unended};
};

const unseenEnd = ({pid, at}: RecordOf<'start'>): HistoryRecord =>
	timed({
		event: 'end',
		pid,
		code: null,
		signal: null,
		uptime: Math.max(0, systemClock.unixSeconds() - at),
		expected: false,
		unseen: true,
		description: 'ended while nobody watched',
		decision: 'restart',
		lastOutput: [],
	});
