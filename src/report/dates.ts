const two = (value: number): string => String(value).padStart(2, '0');
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A Unix time as local date, `2026-11-22`. */
export const renderDate = (unixSeconds: number): string => {
	const time = new Date(unixSeconds * 1000);
	return [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
};

/** A Unix time as local date and time with its distance from UTC, `Sun 2026-11-22 03:17 +0100`: a mail travels. */
export const renderMoment = (unixSeconds: number): string => {
	const time = new Date(unixSeconds * 1000);
	const offset = -time.getTimezoneOffset();
	const sign = offset < 0 ? '-' : '+';
	const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
	const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
	return `${weekdays[time.getDay()]} ${renderDate(unixSeconds)} ${clock} ${zone}`;
};

/** `1 day`, `3 restarts`. */
export const count = (amount: number, word: string): string =>
	`${amount} ${word}${amount === 1 ? '' : 's'}`;

/** Whole days between two Unix times, in words. */
export const renderDays = (from: number, to: number): string => {
	const days = Math.floor((to - from) / 86_400);
	return days < 1 ? 'less than a day' : count(days, 'day');
};
