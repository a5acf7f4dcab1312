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
 * What is adopted of a living predecessor is a hand-over.
 */
export const openRecord = (
	stateDirectory: string,
	backoffLimit: number,
	predecessor?: number,
): History => {
	const last = readHistory(stateDirectory).findLast(({event}) => event === 'end');
	const append = (what: Happening): void => {
		appendHistory(stateDirectory, {at: systemClock.unixSeconds(), ...what});
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
			append({
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
