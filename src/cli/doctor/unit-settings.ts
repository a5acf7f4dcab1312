import path from 'node:path';
import {listIfSeen, readIfSeen} from './seen-files.js';

/** A unit with its drop-ins, in the order in which they count. */
export const fullUnit = (unit: string): string => {
	const folder = `${unit}.d`;
	const dropIns = listIfSeen(folder)
		.filter(name => name.endsWith('.conf'))
		.sort()
		.map(name => path.join(folder, name));
	return [unit, ...dropIns].map(readIfSeen).join('\n');
};

/** The last `TimeoutStopSec` (or `TimeoutSec`) of a unit, in seconds; undefined where it names none. */
export const stopSeconds = (text: string): number | undefined => {
	const values = [...text.matchAll(/^Timeout(?:Stop)?Sec=(.*)$/gm)].map(match => match[1] ?? '');
	const last = values.at(-1)?.trim();
	return last === undefined || last === '' ? undefined : parseSpan(last);
};

const sizes: Readonly<Record<string, number>> = {
	ms: 0.001,
	s: 1,
	sec: 1,
	m: 60,
	min: 60,
	h: 3600,
	hr: 3600,
	d: 86_400,
};

/** A time span as systemd.time(7) has it: `90`, `10min`, `1h 30s`; `infinity` and 0 wait for ever. */
const parseSpan = (text: string): number | undefined => {
	if (text === 'infinity' || /^0+s?$/.test(text)) return Number.POSITIVE_INFINITY;
	const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
	if (parts.length === 0) return undefined;
	return parts.reduce(
		(sum, [, amount = '0', unit = '']) => sum + Number(amount) * (sizes[unit || 's'] ?? 1),
		0,
	);
};
