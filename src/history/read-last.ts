import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {systemErrorCode} from '../platform/errors.js';
import {type HistoryRecord, historyFile, parseRecord} from './history.js';

const blockLength = 64 * 1024;
const newline = 10;

/**
 * The last records of a history, oldest first, read from its end; lines that are torn or of another version are
 * passed over. None where there is no history. Throws system errors where it may not be read.
 */
export const readLastRecords = (
	directory: string,
	count: number,
	isWanted: (record: HistoryRecord) => boolean = () => true,
): readonly HistoryRecord[] => {
	const found: HistoryRecord[] = [];
	for (const record of recordsFromEnd(directory)) {
		if (found.length >= count) break;
		if (isWanted(record)) found.push(record);
	}
	return found.reverse();
};

/** The records of a history from the last to the first; otherwise as `readLastRecords`. */
export function* recordsFromEnd(directory: string): Generator<HistoryRecord> {
	const descriptor = openIfPresent(historyFile(directory));
	if (descriptor === undefined) return;
	try {
		for (const line of linesFromEnd(descriptor)) {
			const record = parseRecord(line);
			if (record !== undefined) yield record;
		}
	} finally {
		closeSync(descriptor);
	}
}

const openIfPresent = (file: string): number | undefined => {
	try {
		return openSync(file, 'r');
	} catch (error) {
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw error;
	}
};

/** Line by line from the last to the first. A line that is begun in one block may end in another. */
function* linesFromEnd(descriptor: number): Generator<string> {
	let rest: Buffer = Buffer.alloc(0);
	for (let end = fstatSync(descriptor).size; end > 0; ) {
		const start = Math.max(0, end - blockLength);
		const bytes = Buffer.concat([readBlock(descriptor, start, end), rest]);
		let stop = bytes.length;
		for (let place = lastNewline(bytes, stop); place >= 0; place = lastNewline(bytes, stop)) {
			yield bytes.toString('utf8', place + 1, stop);
			stop = place;
		}
		rest = bytes.subarray(0, stop);
		end = start;
	}
	yield rest.toString('utf8');
}

/** A negative offset would count from the end. */
const lastNewline = (bytes: Buffer, before: number): number =>
	before === 0 ? -1 : bytes.lastIndexOf(newline, before - 1);

const readBlock = (descriptor: number, start: number, end: number): Buffer => {
	const bytes = Buffer.alloc(end - start);
	return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start));
};
