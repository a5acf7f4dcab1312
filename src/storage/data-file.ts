import type {DataContent, Transaction} from './kind.js';
import {
	type Header,
	headerLength,
	isSound,
	lengthLength,
	magicLength,
	parseHeader,
	readLength,
} from './transaction-header.js';

/** The bytes of a file. `read` gives fewer only where the file ends. */
export type ByteReader = {
	readonly size: number;
	read(position: number, length: number): Buffer;
};

/** A transaction with its place; `end` is just behind its record. */
type Placed = Transaction & {readonly start: number; readonly end: number};

/** What begins the file (`ZODB.FileStorage.packed_version`): ZODB under Python 3, and under Python 2. */
const magics = ['FS30', 'FS21'];

/** How much of a torn end is searched for the end of the last whole transaction, and how many are followed. */
const mostSearched = 64 * 1024 * 1024;
const mostFollowed = 200_000;
const windowLength = 1024 * 1024;

/**
 * The first and the last whole transaction of a FileStorage, found from its end, so that the size does not matter.
 * Behind a torn end the last whole one is searched backwards, then forwards from `indexedTo` (what the index
 * counts) or the beginning. A transaction that was voted for but not finished (status `c`) does not count: ZODB
 * cuts it off when it opens the file.
 */
export const readContent = (reader: ByteReader, indexedTo?: number): DataContent => {
	const {size} = reader;
	const magic = reader.read(0, magicLength).toString('latin1');
	if (size === 0) return {state: 'empty', tail: 0};
	if (!magics.includes(magic)) return {state: 'foreign'};
	const first = parseHeader(reader.read(magicLength, headerLength), magicLength);
	const last = lastBefore(reader, size) ?? followTransactions(reader, indexedTo);
	if (last === undefined) return {state: 'unclear'};
	if (last === 'none' || first === undefined) return {state: 'empty', tail: size - magicLength};
	return {
		state: 'transactions',
		first: {tid: first.tid, packed: first.status === 'p'},
		last: {tid: last.tid, packed: last.packed},
		tail: size - last.end,
	};
};

/** The last whole transaction that ends at the end of the file, or before a torn one there. */
const lastBefore = (reader: ByteReader, size: number): Placed | undefined =>
	finishedEndingAt(reader, size) ?? searchBackwards(reader, size);

/** The last finished transaction that ends here, or before unfinished ones that end here. */
const finishedEndingAt = (reader: ByteReader, end: number): Placed | undefined => {
	for (let place = end; ; ) {
		const found = endingAt(reader, place);
		if (found === undefined) return undefined;
		if (found.status !== 'c') return placed(found);
		place = found.start;
	}
};

const placed = ({tid, status, start, length}: Header): Placed => ({
	tid,
	packed: status === 'p',
	start,
	end: start + length + lengthLength,
});

/** The record that ends here, if one does: its length stands at both ends. */
const endingAt = (reader: ByteReader, end: number): Header | undefined => {
	if (end < magicLength + headerLength + lengthLength || end > reader.size) return undefined;
	const length = readLength(reader.read(end - lengthLength, lengthLength), 0);
	const start = end - lengthLength - length;
	if (length < headerLength || start < magicLength) return undefined;
	const header = parseHeader(reader.read(start, headerLength), start);
	if (header === undefined || header.length !== length) return undefined;
	return isSound(reader, header) ? header : undefined;
};

/** Looks for the place where a torn transaction begins: before it a whole one ends. */
const searchBackwards = (reader: ByteReader, size: number): Placed | undefined => {
	const lowest = Math.max(magicLength, size - mostSearched);
	for (let top = size; top > lowest; top -= windowLength) {
		const bottom = Math.max(lowest, top - windowLength);
		// With what is needed of the neighbours: the length before a place, the header behind it.
		const from = Math.max(0, bottom - lengthLength);
		const bytes = reader.read(from, top - from + headerLength);
		for (let place = top; place > bottom; place--) {
			if (!mayEndHere(bytes, place - from, place)) continue;
			if (!mayBeTorn(bytes, place - from, size - place)) continue;
			const found = finishedEndingAt(reader, place);
			if (found !== undefined) return found;
		}
	}
	return undefined;
};

/** Whether the bytes before an offset may be the length of a record that ends at that place of the file. */
const mayEndHere = (bytes: Buffer, offset: number, place: number): boolean => {
	if (offset < lengthLength || bytes[offset - 8] !== 0 || bytes[offset - 7] !== 0) return false;
	const length = readLength(bytes, offset - lengthLength);
	return length >= headerLength && length + lengthLength + magicLength <= place;
};

/** Whether the bytes at an offset, of which `left` remain in the file, may begin a torn transaction. */
const mayBeTorn = (bytes: Buffer, offset: number, left: number): boolean => {
	if (left < lengthLength * 2) return true;
	const year = bytes[offset] ?? 0;
	if (year === 0) return bytes.subarray(offset, offset + 16).every(byte => byte === 0);
	// The first byte of a transaction id between 1984 and 2113.
	if (year < 0x02 || year > 0x06) return false;
	if (left < headerLength) return true;
	const isUnfinished = bytes.toString('latin1', offset + 16, offset + 17) === 'c';
	return isUnfinished || readLength(bytes, offset + 8) + lengthLength > left;
};

/** Goes from record to record; `none` when not even the first one is whole, undefined when it takes too long. */
const followTransactions = (
	reader: ByteReader,
	indexedTo: number | undefined,
): Placed | 'none' | undefined => {
	const known = indexedTo === undefined ? undefined : finishedEndingAt(reader, indexedTo);
	let last = known;
	let start = known?.end ?? magicLength;
	let bytes = reader.read(start, headerLength);
	for (let count = 0; count < mostFollowed; count++) {
		const header = parseHeader(bytes, start);
		const end = header === undefined ? 0 : start + header.length + lengthLength;
		if (header === undefined || end > reader.size || !isSound(reader, header))
			return last ?? 'none';
		bytes = reader.read(end - lengthLength, lengthLength + headerLength);
		if (header.status === 'c' || readLength(bytes, 0) !== header.length) return last ?? 'none';
		last = placed(header);
		start = end;
		bytes = bytes.subarray(lengthLength);
	}
	return undefined;
};
