import type {ByteReader} from './data-file.js';

/** The head of a transaction record. */
export type Header = {
	/** 16 hexadecimal digits. */
	readonly tid: string;
	/** `c` while it is voted for and not finished, `p` after a pack. */
	readonly status: string;
	readonly start: number;
	/** Of the record without the length that is repeated at its end. */
	readonly length: number;
	/** Of the header with its three texts. */
	readonly ownLength: number;
};

// ZODB/FileStorage/format.py: TRANS_HDR ">8sQcHHH" and the place of `tloc` in DATA_HDR ">8s8sQQHQ".
export const headerLength = 23;
const dataHeaderLength = 42;

/** What begins every data file, in bytes. */
export const magicLength = 4;
/** The length of a record, which is repeated behind it. */
export const lengthLength = 8;

/** A header from the bytes at `start`; undefined when there are too few. */
export const parseHeader = (bytes: Buffer, start: number): Header | undefined => {
	if (bytes.length < headerLength) return undefined;
	return {
		tid: bytes.toString('hex', 0, 8),
		length: readLength(bytes, 8),
		status: bytes.toString('latin1', 16, 17),
		start,
		ownLength:
			headerLength + bytes.readUInt16BE(17) + bytes.readUInt16BE(19) + bytes.readUInt16BE(21),
	};
};

/** An 8-byte number; beyond 53 bits it is no length of anything. */
export const readLength = (bytes: Buffer, offset: number): number =>
	bytes.readUInt32BE(offset) * 2 ** 32 + bytes.readUInt32BE(offset + 4);

/**
 * Whether a header can be one: its first object points back to it by its place in the file, which no copy of a
 * record inside of another one does.
 */
export const isSound = (
	reader: ByteReader,
	{status, start, length, ownLength}: Header,
): boolean => {
	if (!' pcu'.includes(status) || ownLength > length) return false;
	if (ownLength === length || status === 'u') return true;
	const object = reader.read(start + ownLength, dataHeaderLength);
	return object.length === dataHeaderLength && readLength(object, 24) === start;
};
