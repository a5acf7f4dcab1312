import {closeSync, fstatSync, openSync, readSync} from 'node:fs';

/** How much of the end of a log is searched. */
const searchedBytes = 4 * 1024 * 1024;

/**
 * Whether one of the logs says that a pack was completed after a time (Unix seconds). Only the end of each is read;
 * a log that cannot be read says nothing. Never throws.
 */
export const hasLoggedPack = (logs: readonly string[], since: number): boolean =>
	logs.some(log => reportsPack(readEnd(log), since));

/** `pack(time=T) complete` (ZEO/StorageServer.py), on a line that begins with a local time. */
const completion =
	/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)\b.*\bpack\(time=[^)]*\) complete$/gm;

/** The same of a text. Records have whole seconds, so the second of `since` counts as after it. */
export const reportsPack = (text: string, since: number): boolean =>
	[...text.matchAll(completion)].some(found => {
		const [year = 0, month = 0, day, hour, minute, second] = found.slice(1).map(Number);
		const at = new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
		return at >= Math.floor(since);
	});

/** The end of a log, up to 4 MB; empty when it cannot be read. */
export const readEnd = (file: string): string => {
	try {
		const fd = openSync(file, 'r');
		try {
			const {size} = fstatSync(fd);
			const bytes = Buffer.alloc(Math.min(size, searchedBytes));
			const count = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
			return bytes.toString('latin1', 0, count);
		} finally {
			closeSync(fd);
		}
	} catch {
		return '';
	}
};
