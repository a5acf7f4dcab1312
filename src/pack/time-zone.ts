/** How clocks on the wall of a place stand. */
export type TimeZone = {
	/** Seconds east of UTC at a moment (Unix seconds). */
	offsetAt(unixSeconds: number): number;
};

/**
 * A time zone by its IANA name; without one, the system's. Only a named one needs the tables of Intl, which cost a
 * process two megabytes.
 */
export const openTimeZone = (name: string | undefined): TimeZone => {
	if (name === undefined) {
		return {offsetAt: at => -60 * new Date(at * 1000).getTimezoneOffset()};
	}
	const zone = opened.get(name) ?? openNamed(name);
	opened.set(name, zone);
	return zone;
};

/** Each costs tens of kilobytes, and a supervisor asks again every hour. */
const opened = new Map<string, TimeZone>();

const openNamed = (name: string): TimeZone => {
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone: name,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	return {
		offsetAt(at) {
			const whole = Math.floor(at);
			// 3/29/2026, 03:00:00
			const [month = 1, day, year = 1970, hour, minute, second] = format
				.format(whole * 1000)
				.split(/\D+/)
				.map(Number);
			return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - whole;
		},
	};
};

const day = 86_400;

/**
 * The moment at which clocks show a time, which is given as the Unix time that it would be in UTC. A time that comes
 * twice is meant the first time; one that a change of the clocks leaves out is meant at the moment of the change, as
 * cron(8) has it. So each time comes exactly once, and later times never come earlier.
 */
export const momentOf = (wallSeconds: number, {offsetAt}: TimeZone): number => {
	const before = offsetAt(wallSeconds - day);
	const after = offsetAt(wallSeconds + day);
	const early = wallSeconds - Math.max(before, after);
	if (early + offsetAt(early) === wallSeconds) return early;
	const late = wallSeconds - Math.min(before, after);
	return late + offsetAt(late) === wallSeconds ? late : changeBetween(early, late, offsetAt);
};

/** The first moment at which another offset holds than at the first of two moments. */
const changeBetween = (from: number, to: number, offsetAt: TimeZone['offsetAt']): number => {
	const offset = offsetAt(from);
	let [low, high] = [from, to];
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (offsetAt(middle) === offset) low = middle;
		else high = middle;
	}
	return high;
};
