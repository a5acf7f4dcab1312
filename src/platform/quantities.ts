const units = ['KB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes with a unit, three digits at most, as in `260 KB`; powers of 1024, as ZConfig counts. */
export const renderBytes = (bytes: number): string => {
	if (bytes < 1024) return `${bytes} bytes`;
	let value = bytes / 1024;
	let index = 0;
	while (Math.round(value) >= 1024 && index < units.length - 1) {
		value /= 1024;
		index += 1;
	}
	return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[index]}`;
};

/** Seconds in the two largest units that say something, as in `2 h 5 min`. */
export const renderDuration = (seconds: number): string => {
	const whole = Math.max(0, Math.floor(seconds));
	if (whole < 60) return `${whole} s`;
	const parts: readonly (readonly [unit: string, size: number, below: number])[] = [
		['d', 86_400, Number.POSITIVE_INFINITY],
		['h', 3600, 24],
		['min', 60, 60],
		['s', 1, 60],
	];
	const amounts = parts.map(([unit, size, below]) => ({
		unit,
		amount: Math.floor(whole / size) % below,
	}));
	const first = amounts.findIndex(({amount}) => amount > 0);
	return amounts
		.slice(first, first + 2)
		.filter(({amount}) => amount > 0)
		.map(({unit, amount}) => `${amount} ${unit}`)
		.join(' ');
};

/** A Unix time as local date and time, `2026-11-23 01:16:44`. */
export const renderTime = (unixSeconds: number): string => {
	const time = new Date(unixSeconds * 1000);
	const two = (value: number): string => String(value).padStart(2, '0');
	const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
	const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
	return `${date} ${clock}`;
};
