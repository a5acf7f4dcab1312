import type {HistoryRecord} from '../history/history.js';

/** Why a server was restarted, and how often. `last` is a Unix time. */
export type Cause = {readonly cause: string; readonly count: number; readonly last: number};

/** What has happened to a server over a time. */
export type Unrest = {
	/** Unix time; null: as far as the history goes. */
	readonly since: number | null;
	/** Ends that somebody asked for. */
	readonly asked: number;
	/** All other ends, and restarts because it did not answer, the most frequent first. */
	readonly causes: readonly Cause[];
	/** When the supervisor left the program down although nobody had asked for its end; null when it did not. */
	readonly gaveUp: number | null;
	/** What the program had printed before its last end that nobody asked for. */
	readonly lastOutput: readonly string[];
	/** What was told of database files that were deleted or moved under the server. */
	readonly lostFiles: readonly string[];
};

/** Sums up the ends of a program in a history after a moment. */
export const sumUpUnrest = (history: readonly HistoryRecord[], since: number | null): Unrest => {
	const recent = history.filter(({at}) => since === null || at > since);
	const ends = recent.filter(record => record.event === 'end');
	const unasked = ends.filter(({expected}) => !expected);
	const hangs = recent.filter(isRestartOfHealth);
	const causes = countCauses([
		...unasked.map(({at, description}) => ({at, cause: description})),
		...hangs.map(({at, description}) => ({at, cause: `it did not answer: ${description}`})),
	]);
	return {
		since,
		asked: Math.max(0, ends.length - unasked.length - hangs.length),
		causes,
		gaveUp: unasked.findLast(({decision}) => decision === 'leave')?.at ?? null,
		lastOutput: unasked.findLast(({lastOutput}) => lastOutput.length > 0)?.lastOutput ?? [],
		lostFiles: [...new Set(recent.filter(isLostFile).map(({text}) => text))],
	};
};

/** Whether the supervisor decided to restart a server that hung. */
export const isRestartOfHealth = (
	record: HistoryRecord,
): record is Extract<HistoryRecord, {event: 'decision'}> =>
	record.event === 'decision' && record.by === 'health' && record.decision === 'restart';

/** Whether a record tells of a database that only the server still has, or that is not where it should be. */
export const isLostFile = (
	record: HistoryRecord,
): record is Extract<HistoryRecord, {event: 'alarm'}> =>
	record.event === 'alarm' && (record.alarm === 'deleted-file' || record.alarm === 'moved-file');

const countCauses = (
	all: readonly {readonly at: number; readonly cause: string}[],
): readonly Cause[] => {
	const causes = new Map<string, Cause>();
	for (const {at, cause} of all) {
		causes.set(cause, {cause, count: (causes.get(cause)?.count ?? 0) + 1, last: at});
	}
	return [...causes.values()].sort((left, right) => right.count - left.count);
};
