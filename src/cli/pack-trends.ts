import type {HistoryRecord} from '../history/history.js';
import {freedBytes, type PackRecord} from '../history/pack-record.js';
import {renderBytes, renderDuration, renderTime} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';

/** The packs of one storage, oldest first, and what they show together. */
export type StorageTrend = {
	readonly storage: string;
	readonly packs: readonly (PackRecord & {readonly freed: number | null})[];
	/** Unix seconds of the last that dropped something, or found nothing to drop. */
	readonly lastGood: number | null;
	/** Bytes a day that the packed storage grows, over the packs listed; null with fewer than two. */
	readonly growthPerDay: number | null;
};

/** The packs of a history, by storage in the order of their last ones. */
export const packTrends = (
	history: readonly HistoryRecord[],
	storages: readonly string[],
): readonly StorageTrend[] => {
	const packs = history.filter((each): each is PackRecord => each.event === 'pack');
	const names = [...new Set(packs.map(({storage}) => storage))];
	return names
		.filter(name => storages.length === 0 || storages.includes(name))
		.map(storage =>
			trendOf(
				storage,
				packs.filter(each => each.storage === storage),
			),
		);
};

const isGood = ({outcome}: PackRecord): boolean =>
	outcome === 'packed' || outcome === 'nothing-to-drop';

const trendOf = (storage: string, packs: readonly PackRecord[]): StorageTrend => ({
	storage,
	packs: packs.map(record => ({...record, freed: freedBytes(record)})),
	lastGood: packs.findLast(isGood)?.at ?? null,
	growthPerDay: growthOf(packs.filter(isGood)),
});

const growthOf = (good: readonly PackRecord[]): number | null => {
	const points = good.flatMap(({at, after}) =>
		after?.size == null ? [] : [{at, size: after.size}],
	);
	const [first, last] = [points[0], points.at(-1)];
	return first === undefined || last === undefined || last.at - first.at < 1
		? null
		: Math.round(((last.size - first.size) / (last.at - first.at)) * 86_400);
};

/** The same for people. */
export const renderTrends = (trends: readonly StorageTrend[]): string =>
	trends.map(renderTrend).join('\n');

const columns = ['', 'when', 'outcome', 'before', 'after', 'freed', 'objects', 'took'];

const renderTrend = ({storage, packs, growthPerDay}: StorageTrend): string => {
	const rows = packs.map(record => [
		'',
		renderTime(record.began),
		record.outcome,
		bytes(record.before?.size),
		bytes(record.after?.size),
		bytes(record.freed),
		record.after?.objects?.toString() ?? '-',
		record.seconds < 1 ? '< 1 s' : renderDuration(record.seconds),
	]);
	const widths = columns.map((column, index) =>
		Math.max(...[column, ...rows.map(row => row[index] ?? '')].map(cell => cell.length)),
	);
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, index) => cell.padEnd(widths[index] ?? 0))
			.join('  ')
			.trimEnd();
	const table = [columns, ...rows].flatMap((row, index) => {
		const reason = packs[index - 1]?.reason;
		return [line(row), ...(reason == null ? [] : [`      ${reason}`])];
	});
	const growth = growthPerDay === null ? [] : [`  grows by ${renderSigned(growthPerDay)} a day`];
	return [storage, ...table, ...growth].map(text => `${renderForTerminal(text)}\n`).join('');
};

const bytes = (value: number | null | undefined): string =>
	value == null ? '-' : renderSigned(value);

const renderSigned = (value: number): string =>
	value < 0 ? `-${renderBytes(-value)}` : renderBytes(value);
