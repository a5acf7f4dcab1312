import {appendHistory, type HistoryRecord, readHistory} from '../history/history.js';
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
 * What is adopted of a living predecessor is a hand-over. An end that is followed by a start at once is written down
 * a moment later, at the latest before that start: the next life need not wait for the record of the last.
 */
export const openRecord = (
	stateDirectory: string,
	backoffLimit: number,
	predecessor?: number,
): History => {
	const last = readHistory(stateDirectory).findLast(({event}) => event === 'end');
	let held: HistoryRecord | undefined;
	const writeHeld = (): void => {
		if (held !== undefined) appendHistory(stateDirectory, held);
		held = undefined;
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
		hasFailed: last?.event === 'end' && !last.expected && last.uptime < Math.max(1, backoffLimit),
		started: pid => append({event: 'start', pid, supervisor: process.pid}),
		adopted: pid =>
			append(
				predecessor === undefined
					? {event: 'adoption', pid, supervisor: process.pid}
					: {event: 'handover', pid, supervisor: process.pid, predecessor},
			),
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
