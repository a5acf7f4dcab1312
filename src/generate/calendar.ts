import {parseCronExpression} from '../schema/cron-expression.js';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The values of `OnCalendar=` that elapse when a cron expression does: two where a day of either kind will do. Without
 * a time zone they are in the system's.
 */
export const renderCalendar = (
	schedule: string,
	timeZone: string | undefined,
): readonly string[] => {
	const {minutes, hours, daysOfMonth, months, eitherDay, ...expression} =
		parseCronExpression(schedule);
	const month = list(months, 12);
	const days = `*-${month}-${list(daysOfMonth, 31)}`;
	const named = expression.weekdays.map(day => weekdays[day]).join(',');
	const prefix = expression.weekdays.length === 7 ? '' : `${named} `;
	const dates = eitherDay
		? [`*-${month}-${list(daysOfMonth, 31)}`, `${named} *-${month}-*`]
		: [`${prefix}${days}`];
	const time = `${list(hours, 24)}:${list(minutes, 60)}:00`;
	const zone = timeZone === undefined ? '' : ` ${timeZone}`;
	return dates.map(date => `${date} ${time}${zone}`);
};

const list = (values: readonly number[], all: number): string =>
	values.length === all ? '*' : values.map(value => String(value).padStart(2, '0')).join(',');
