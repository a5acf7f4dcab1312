import {type CronExpression, parseCronExpression} from '../schema/cron-expression.js';
import {momentOf, openTimeZone, type TimeZone} from './time-zone.js';

/** The slots of a schedule: the moments (Unix seconds) at which something is due. */
export type Schedule = {
	/** The last slot at or before a moment. */
	latest(at: number): number;
	/** The first slot after a moment. */
	next(at: number): number;
};

/**
 * The slots of a cron expression in a time zone. Calendar days are walked, not hours, so that a change of the clocks
 * neither leaves a slot out nor makes two of it.
 */
export const openSchedule = (expression: string, timeZone: string | undefined): Schedule => {
	const cron = parseCronExpression(expression);
	const zone = openTimeZone(timeZone);
	return {
		latest: at => find(cron, zone, at, -1, slot => slot <= at),
		next: at => find(cron, zone, at, 1, slot => slot > at),
	};
};

const daySeconds = 86_400;

/** A 29th of February may be eight years away. */
const mostDays = 9 * 366;

/** The nearest slot in a direction that is on the right side of a moment. */
const find = (
	cron: CronExpression,
	zone: TimeZone,
	at: number,
	direction: 1 | -1,
	isFound: (slot: number) => boolean,
): number => {
	const today = Math.floor((at + zone.offsetAt(at)) / daySeconds);
	const times = timesOfDay(cron);
	const ordered = direction === 1 ? times : times.toReversed();
	// A moment near midnight may belong to a slot of the day on the other side.
	for (let count = -1; count < mostDays; count += 1) {
		const day = today + direction * count;
		if (!matchesDay(cron, day)) continue;
		for (const time of ordered) {
			const slot = momentOf(day * daySeconds + time, zone);
			if (isFound(slot)) return slot;
		}
	}
	// The reader of expressions has refused those whose day does not exist.
	return direction * Number.POSITIVE_INFINITY;
};

const timesOfDay = ({hours, minutes}: CronExpression): readonly number[] =>
	hours.flatMap(hour => minutes.map(minute => hour * 3600 + minute * 60));

/** `day` counts from 1970-01-01. */
const matchesDay = (
	{months, daysOfMonth, weekdays, eitherDay}: CronExpression,
	day: number,
): boolean => {
	const date = new Date(day * daySeconds * 1000);
	if (!months.includes(date.getUTCMonth() + 1)) return false;
	const byDate = daysOfMonth.includes(date.getUTCDate());
	const byWeekday = weekdays.includes(date.getUTCDay());
	return eitherDay ? byDate || byWeekday : byDate && byWeekday;
};
