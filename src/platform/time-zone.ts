import {readFileSync} from 'node:fs';
import path from 'node:path';

type Zone = {
	/** Each change of the clock, ascending by Unix seconds, with what holds from then on. */
	readonly changes: readonly (Period & {readonly at: number})[];
	/** Before the first change. */
	readonly first: Period;
};

/** Seconds east of UTC, and what the people there call it. */
type Period = {readonly offset: number; readonly abbreviation: string};

/**
 * Abbreviations of the local time zone (`CET`, `CEST`), from the system's zone file (RFC 8536) that `timeZone`
 * (the variable TZ) names; without a readable one, the offset (`+01`) or `UTC`. The file is read at the first question.
 */
export const createZoneAbbreviation = (
	timeZone: string | undefined,
): ((unixSeconds: number) => string) => {
	let zone: Zone | undefined | null;
	return unixSeconds => {
		if (zone === undefined) zone = readZone(timeZone);
		return zone === null ? offsetName(unixSeconds) : abbreviationAt(zone, unixSeconds);
	};
};

const readZone = (timeZone: string | undefined): Zone | null => {
	const name = timeZone?.replace(/^:/, '');
	const file = name === undefined ? '/etc/localtime' : path.resolve('/usr/share/zoneinfo', name);
	try {
		return name === '' ? null : parseZone(readFileSync(file));
	} catch {
		return null;
	}
};

/** After the last change in the file its rule goes on: the latest name of the offset that now holds. */
const abbreviationAt = ({changes, first}: Zone, unixSeconds: number): string => {
	const current = changes.findLast(change => change.at <= unixSeconds) ?? first;
	if (current !== changes.at(-1)) return current.abbreviation;
	const offset = -new Date(unixSeconds * 1000).getTimezoneOffset() * 60;
	return (changes.findLast(change => change.offset === offset) ?? current).abbreviation;
};

const offsetName = (unixSeconds: number): string => {
	const minutes = -new Date(unixSeconds * 1000).getTimezoneOffset();
	if (minutes === 0) return 'UTC';
	const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, '0');
	const rest = Math.abs(minutes) % 60;
	return `${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : String(rest).padStart(2, '0')}`;
};

const headerSize = 44;

/** The 64-bit part of a zone file, which follows a 32-bit part of the same form. */
const parseZone = (file: Buffer): Zone | null => {
	if (file.toString('latin1', 0, 4) !== 'TZif' || file.toString('latin1', 4, 5) < '2') return null;
	const old = readCounts(file, 0);
	const start =
		headerSize +
		old.times * 5 +
		old.types * 6 +
		old.characters +
		old.leaps * 8 +
		old.standard +
		old.universal;
	const counts = readCounts(file, start);
	const times = start + headerSize;
	const indexes = times + counts.times * 8;
	const types = indexes + counts.times;
	const characters = types + counts.types * 6;
	const period = (type: number): Period => {
		const begin = characters + file.readUInt8(types + type * 6 + 5);
		return {
			offset: file.readInt32BE(types + type * 6),
			abbreviation: file.toString('latin1', begin, file.indexOf(0, begin)),
		};
	};
	return {
		changes: Array.from({length: counts.times}, (_, index) => ({
			at: Number(file.readBigInt64BE(times + index * 8)),
			...period(file.readUInt8(indexes + index)),
		})),
		first: period(0),
	};
};

const readCounts = (file: Buffer, start: number) => ({
	universal: file.readUInt32BE(start + 20),
	standard: file.readUInt32BE(start + 24),
	leaps: file.readUInt32BE(start + 28),
	times: file.readUInt32BE(start + 32),
	types: file.readUInt32BE(start + 36),
	characters: file.readUInt32BE(start + 40),
});
