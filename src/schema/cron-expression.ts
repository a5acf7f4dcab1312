import {renderPythonString} from '../platform/python-repr.js';
import {ConversionError} from './conversion-error.js';
import type {Datatype} from './datatypes.js';

/** What a cron expression asks for: the times of a day, and the days. All lists ascend. */
export type CronExpression = {
	readonly minutes: readonly number[];
	readonly hours: readonly number[];
	readonly daysOfMonth: readonly number[];
	/** 1 to 12. */
	readonly months: readonly number[];
	/** 0 (Sunday) to 6. */
	readonly weekdays: readonly number[];
	/** Both kinds of days are restricted: then a day of either kind will do, as crontab(5) has it. */
	readonly eitherDay: boolean;
};

type Field = {
	readonly name: string;
	readonly lowest: number;
	readonly highest: number;
	/** Words for the numbers, beginning with the lowest. */
	readonly words: readonly string[];
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields = {
	minutes: {name: 'minute', lowest: 0, highest: 59, words: []},
	hours: {name: 'hour', lowest: 0, highest: 23, words: []},
	daysOfMonth: {name: 'day of the month', lowest: 1, highest: 31, words: []},
	months: {name: 'month', lowest: 1, highest: 12, words: months},
	// Sunday is 0 and 7.
	weekdays: {name: 'day of the week', lowest: 0, highest: 7, words: weekdays},
} satisfies Record<string, Field>;

/** Reads the five fields of crontab(5); a ConversionError says what is accepted. */
export const parseCronExpression = (text: string): CronExpression => {
	const words = text.trim().split(/\s+/);
	const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = words;
	if (words.length !== 5 || minute === '') {
		throw refusal(
			text,
			'five fields are needed: minute, hour, day of the month, month, day of the week',
		);
	}
	const read = (field: Field, word: string): readonly number[] => readField(text, field, word);
	const days = read(fields.weekdays, weekday).map(day => day % 7);
	const expression: CronExpression = {
		minutes: read(fields.minutes, minute),
		hours: read(fields.hours, hour),
		daysOfMonth: read(fields.daysOfMonth, dayOfMonth),
		months: read(fields.months, month),
		weekdays: ascending(days),
		eitherDay: !dayOfMonth.startsWith('*') && !weekday.startsWith('*'),
	};
	if (!comesAbout(expression)) throw refusal(text, 'there is no such day in any year');
	return expression;
};

/** A cron expression, as it was written. */
export const cronExpression: Datatype<string> = text => {
	parseCronExpression(text);
	return text;
};

/** The name of a time zone that this machine knows, as it was written. */
export const timeZoneName: Datatype<string> = text => {
	try {
		new Intl.DateTimeFormat('en', {timeZone: text});
		return text;
	} catch {
		throw new ConversionError(
			`not a known time zone such as 'Europe/Paris' or 'UTC': ${renderPythonString(text)}`,
		);
	}
};

const readField = (text: string, field: Field, word: string): readonly number[] =>
	ascending(word.split(',').flatMap(part => readPart(text, field, part)));

/** `*`, `3`, `1-5`, each with a step `/2` if need be; a number with a step counts on to the end. */
const readPart = (text: string, field: Field, part: string): readonly number[] => {
	const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
	const [, star, from = '', to, step] = match ?? [];
	if (!match || (step !== undefined && Number(step) === 0)) throw badPart(text, field, part);
	const value = (word: string): number =>
		readValue(word, field) ?? fail(badPart(text, field, part));
	const first = star === undefined ? value(from) : field.lowest;
	const open = star !== undefined || (to === undefined && step !== undefined);
	const last = open ? field.highest : value(to ?? from);
	if (first > last) throw badPart(text, field, part);
	const stride = Number(step ?? 1);
	const count = Math.floor((last - first) / stride) + 1;
	return Array.from({length: count}, (_, index) => first + index * stride);
};

const readValue = (word: string, {lowest, highest, words}: Field): number | undefined => {
	const named = words.indexOf(word.toLowerCase());
	if (named >= 0) return named + lowest;
	const value = /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
	return value >= lowest && value <= highest ? value : undefined;
};

const badPart = (text: string, {name, lowest, highest, words}: Field, part: string): Error => {
	const named = words.length > 0 ? ` or ${words[0]} to ${words.at(-1)}` : '';
	const accepted = `${lowest} to ${highest}${named}, or *, lists (1,2), ranges (1-5) and steps (*/2)`;
	return refusal(text, `${name} must be ${accepted}; found ${renderPythonString(part)}`);
};

const refusal = (text: string, why: string): ConversionError =>
	new ConversionError(
		`not a valid cron expression such as '17 3 * * 0': ${renderPythonString(text)}: ${why}`,
	);

const fail = (error: Error): never => {
	throw error;
};

const ascending = (values: readonly number[]): readonly number[] =>
	[...new Set(values)].sort((one, other) => one - other);

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const comesAbout = ({eitherDay, daysOfMonth, months}: CronExpression): boolean =>
	eitherDay ||
	months.some(month => daysOfMonth.some(day => day <= (longestMonths[month - 1] ?? 31)));
