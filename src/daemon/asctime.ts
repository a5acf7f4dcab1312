import {formatTime} from '../platform/strftime.js';

/**
 * Makes the function that writes the field `asctime` in a handler's date format: local time by strftime, or Python's
 * own form with milliseconds where the format is empty.
 */
export const createAsctime =
	(dateFormat: string, zoneAbbreviation: (unixSeconds: number) => string) =>
	(created: number): string => {
		if (dateFormat !== '') return formatTime(dateFormat, created, zoneAbbreviation);
		const milliseconds = Math.trunc((created - Math.trunc(created)) * 1000);
		const time = formatTime('%Y-%m-%d %H:%M:%S', created, zoneAbbreviation);
		return `${time},${String(milliseconds).padStart(3, '0')}`;
	};
