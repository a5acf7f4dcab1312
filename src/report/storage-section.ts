import type {PackMeasure} from '../history/pack-record.js';
import {renderBytes, renderDuration} from '../platform/quantities.js';
import {renderDate, renderDays} from './dates.js';
import {isGood, type RunOutcome, type StorageReport, type TrendPoint} from './facts.js';
import {type Bar, type Remark, type Row, type Section, section} from './letter.js';

/** What an outcome is called; what needs a person is in capitals. */
export const outcomeWords: Readonly<Record<RunOutcome, string>> = {
	packed: 'packed',
	'nothing-to-drop': 'nothing to drop',
	skipped: 'SKIPPED',
	failed: 'FAILED',
	unknown: 'outcome UNKNOWN',
	interrupted: 'BROKEN OFF',
};

/** The part of a letter about one storage. */
export const storageSection = (storage: StorageReport, now: number): Section => {
	const {outcome, address, trend} = storage;
	return section({
		title: `Storage ${storage.storage}${address === null ? '' : ` at ${address}`}`,
		tag: outcomeWords[outcome],
		isBad: !isGood(outcome),
		rows: rowsOf(storage),
		remarks: remarksOf(storage, now),
		bars: trend.length < 2 ? [] : barsOf(trend),
	});
};

const rowsOf = ({before, after}: StorageReport): readonly Row[] => {
	const row = (
		label: string,
		value: (measure: PackMeasure) => number | null | undefined,
		render: (value: number) => string,
	): readonly Row[] => {
		const [was, is] = [before, after].map(each => (each === null ? null : value(each)) ?? null);
		if (typeof was !== 'number' && typeof is !== 'number') return [];
		const isBoth = typeof was === 'number' && typeof is === 'number';
		return [
			{
				label,
				before: typeof was === 'number' ? render(was) : '',
				after: typeof is === 'number' ? render(is) : '',
				change: isBoth ? renderChange(is - was, render) : '',
			},
		];
	};
	return [
		...row('Data', ({size}) => size, renderBytes),
		...row('Objects', ({objects}) => objects, renderNumber),
		...row('Blobs', ({blobs}) => blobs?.bytes, renderBytes),
		...row('Blob files', ({blobs}) => blobs?.files, renderNumber),
		...row('Kept in .old', ({old}) => old, renderBytes),
		...row('Free disk', ({freeDisk}) => freeDisk, renderBytes),
	];
};

const renderChange = (difference: number, render: (value: number) => string): string =>
	difference === 0 ? 'same' : `${difference < 0 ? '-' : '+'}${render(Math.abs(difference))}`;

/** `1,204,332`, `123 million`. */
const renderNumber = (value: number): string => {
	if (value >= 1e10) return `${withCommas(Math.round(value / 1e9))} billion`;
	if (value >= 1e7) return `${withCommas(Math.round(value / 1e6))} million`;
	return withCommas(value);
};

const withCommas = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');

const remarksOf = (storage: StorageReport, now: number): readonly Remark[] => {
	const {reason, advice, warnings, seconds, fullInDays, lastGood, overdue, outcome} = storage;
	const isBad = !isGood(outcome);
	const remarks: (Remark | false)[] = [
		reason !== null && {isBad, text: reason},
		advice !== null && {isBad, text: `Next: ${advice}`},
		overdue !== null && {
			isBad: true,
			text: `No pack has succeeded for ${renderDays(overdue.since, now)}${overdue.isFloor ? ', as far as is known' : `, since ${renderDate(overdue.since)}`}`,
		},
		...warnings.map(text => ({isBad: true, text})),
		fullInDays !== null && {
			isBad: fullInDays < 90,
			text: `At this rate the disk is full in ${fullInDays === 1 ? '1 day' : `${fullInDays} days`}`,
		},
		overdue === null && lastGood !== null && isBad
			? {isBad: false, text: `The last good pack was ${renderDays(lastGood, now)} ago`}
			: false,
		seconds !== null && {isBad: false, text: `It took ${renderDuration(seconds)}`},
	];
	return remarks.filter(remark => remark !== false);
};

const barsOf = (trend: readonly TrendPoint[]): readonly Bar[] => {
	const largest = Math.max(1, ...trend.map(({before, after}) => Math.max(before ?? 0, after ?? 0)));
	return trend.map(({at, outcome, before, after}) => {
		const stays = after ?? before;
		const hasBoth = before !== null && after !== null;
		const text = hasBoth
			? `${renderBytes(before)} to ${renderBytes(after)}`
			: outcomeWords[outcome];
		return {
			date: renderDate(at),
			isBad: !isGood(outcome),
			stayed: stays === null ? null : stays / largest,
			dropped: hasBoth ? Math.max(0, before - after) / largest : 0,
			text: isGood(outcome) || !hasBoth ? text : outcomeWords[outcome],
		};
	});
};
