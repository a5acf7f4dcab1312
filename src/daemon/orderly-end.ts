import {closeSync, openSync, readSync, statSync} from 'node:fs';

/** What follows the words in a log is short, even a traceback; so is what precedes the first ones. */
const mostBytes = 65_536;

/** What the logs of a server say about one life of it. */
export type EndWatch = {
	/** Whether the server has logged that a signal asked it to end, which is how it exits with 0. */
	readonly endedInOrder: () => boolean;
	/** Whether its beginning shows there, so that its words about an end would. */
	readonly showsBeginning: () => boolean;
};

/** Remembers how long the logs of a ZEO server are now, and looks at what the server of that pid logs from then on. */
export const watchForOrderlyEnd = (files: readonly string[], pid: number): EndWatch => {
	const marks = files.map(file => ({file, from: sizeOf(file)}));
	const ending = new RegExp(`\\(${pid}\\) terminated by SIG(?:TERM|INT)\\b`);
	// Both are said at the same level (`ZEO/runzeo.py`).
	const beginning = new RegExp(`\\(${pid}\\) (?:created PID file|opening storage)\\b`);
	return {
		endedInOrder: () => marks.some(({file, from}) => ending.test(readEnd(file, from))),
		showsBeginning: () =>
			marks.some(({file, from}) => beginning.test(read(file, from, from + mostBytes))),
	};
};

/** A log that cannot be looked at is one that says nothing. */
const sizeOf = (file: string): number => {
	try {
		return statSync(file).size;
	} catch {
		return 0;
	}
};

/** A log that has become shorter was rotated: then all of it is new. */
const readEnd = (file: string, from: number): string => {
	const size = sizeOf(file);
	return read(file, Math.max(size < from ? 0 : from, size - mostBytes), size);
};

const read = (file: string, start: number, end: number): string => {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const bytes = Buffer.alloc(Math.max(0, end - start));
			return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, start));
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return '';
	}
};
