import {closeSync, openSync, readSync, statSync} from 'node:fs';

/** What follows the words in a log is short, even a traceback. */
const mostBytes = 65_536;

/**
 * Remembers how long the logs of a ZEO server are now. The returned function says whether the server of that pid has
 * since logged that a signal asked it to end, which is how it exits with 0.
 */
export const watchForOrderlyEnd = (files: readonly string[], pid: number): (() => boolean) => {
	const marks = files.map(file => ({file, from: sizeOf(file)}));
	const words = new RegExp(`\\(${pid}\\) terminated by SIG(?:TERM|INT)\\b`);
	return () => marks.some(({file, from}) => words.test(readEnd(file, from)));
};

const sizeOf = (file: string): number => statSync(file, {throwIfNoEntry: false})?.size ?? 0;

/** A log that has become shorter was rotated: then all of it is new. */
const readEnd = (file: string, from: number): string => {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const size = sizeOf(file);
			const start = Math.max(size < from ? 0 : from, size - mostBytes);
			const bytes = Buffer.alloc(size - start);
			return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, start));
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return '';
	}
};
