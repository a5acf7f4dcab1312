/** Something that was measured at a Unix time. */
export type Point = {readonly at: number; readonly value: number};

/** A straight line through points: change per day, and which part of their variance it explains (0 to 1). */
export type Line = {readonly perDay: number; readonly fit: number};

const day = 86_400;
const fewestPoints = 4;
const shortestSpan = 14 * day;
const worstFit = 0.5;
const farthest = 2 * 365;

/** The least-squares line; undefined when there are too few points, too close together or too scattered to tell anything. */
export const fitLine = (points: readonly Point[]): Line | undefined => {
	const times = points.map(({at}) => at);
	const span = Math.max(...times) - Math.min(...times);
	if (points.length < fewestPoints || span < shortestSpan) return undefined;
	const x = mean(times);
	const y = mean(points.map(({value}) => value));
	const sum = (each: (point: Point) => number): number =>
		points.reduce((total, point) => total + each(point), 0);
	const ofTimes = sum(({at}) => (at - x) ** 2);
	const ofValues = sum(({value}) => (value - y) ** 2);
	const ofBoth = sum(({at, value}) => (at - x) * (value - y));
	if (ofValues === 0) return {perDay: 0, fit: 1};
	const fit = ofBoth ** 2 / (ofTimes * ofValues);
	return fit < worstFit ? undefined : {perDay: (ofBoth / ofTimes) * day, fit};
};

const mean = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0) / values.length;

/**
 * In how many days a disk is full, from its free bytes so far. Undefined while that cannot be said, or is farther
 * away than two years.
 */
export const forecastFull = (free: readonly Point[]): number | undefined => {
	const line = fitLine(free);
	const last = free.at(-1);
	if (line === undefined || last === undefined || line.perDay >= 0) return undefined;
	const days = last.value / -line.perDay;
	return days > farthest ? undefined : Math.floor(days);
};
