import {formatTime} from '../platform/strftime.js';

/** When a log is rotated, and what its old files are called. All times are Unix seconds. */
export type TimedRotation = {
	/** The first rotation after `instant`. */
	next(instant: number): number;
	/** The end of the old file's name: when its period began, seen from a rotation that was `due` and happens now. */
	suffix(due: number, instant: number): string;
	isSuffix(text: string): boolean;
};

const day = 86_400;

type Unit = {
	readonly seconds: number;
	readonly format: string;
	/** Rotates at local midnight: every night, or before this day of the week (0 is Monday). */
	readonly midnight?: {readonly weekday?: number};
};

/**
 * The rules of Python's TimedRotatingFileHandler: `when` is S, M, H, D, MIDNIGHT or W0 to W6 in any case, `interval`
 * counts them (0 means 1). Throws with Python's words for anything else.
 */
export const planTimedRotation = (when: string, interval: number): TimedRotation => {
	const unit = findUnit(when.toUpperCase());
	if (interval < 0) throw new Error(`interval must be positive, not ${interval}`);
	const period = unit.seconds * (interval || 1);
	const pattern = suffixPattern(unit.format);
	return {
		next: instant =>
			unit.midnight === undefined
				? instant + period
				: midnightAfter(instant, {
						weekday: unit.midnight.weekday,
						furtherDays: (period - unit.seconds) / day,
					}),
		suffix: (due, instant) => {
			// The clock may have been put forward or back since: the name follows the clock of now.
			const shift = offsetAt(instant) - offsetAt(due - period);
			return formatTime(unit.format, due - period + shift, () => '');
		},
		isSuffix: text => pattern.test(text),
	};
};

const findUnit = (when: string): Unit => {
	switch (when) {
		case 'S':
			return {seconds: 1, format: '%Y-%m-%d_%H-%M-%S'};
		case 'M':
			return {seconds: 60, format: '%Y-%m-%d_%H-%M'};
		case 'H':
			return {seconds: 3600, format: '%Y-%m-%d_%H'};
		case 'D':
			return {seconds: day, format: '%Y-%m-%d'};
		case 'MIDNIGHT':
			return {seconds: day, format: '%Y-%m-%d', midnight: {}};
		default:
			return {seconds: 7 * day, format: '%Y-%m-%d', midnight: {weekday: weekdayOf(when)}};
	}
};

const weekdayOf = (when: string): number => {
	if (!when.startsWith('W')) throw new Error(`Invalid rollover interval specified: ${when}`);
	if (when.length !== 2) {
		throw new Error(
			`You must specify a day for weekly rollover from 0 to 6 (0 is Monday): ${when}`,
		);
	}
	if (!/^W[0-6]$/.test(when)) {
		throw new Error(`Invalid day specified for weekly rollover: ${when}`);
	}
	return Number(when.charAt(1));
};

/** Python rotates `W0` in the night that ends Monday: at the midnight after that day. */
const midnightAfter = (
	instant: number,
	{weekday, furtherDays}: {readonly weekday: number | undefined; readonly furtherDays: number},
): number => {
	const date = new Date(instant * 1000);
	const today = (date.getDay() + 6) % 7;
	const wait = weekday === undefined ? 0 : (weekday - today + 7) % 7;
	const days = wait + 1 + furtherDays;
	const midnight = new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
	return Math.floor(midnight.getTime() / 1000);
};

const offsetAt = (instant: number): number => -new Date(instant * 1000).getTimezoneOffset() * 60;

const suffixPattern = (format: string): RegExp =>
	new RegExp(`^${format.replace('%Y', '\\d{4}').replace(/%[a-zA-Z]/g, '\\d{2}')}(\\.\\w+)?$`);
