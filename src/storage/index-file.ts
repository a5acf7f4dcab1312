/** What the head of an index tells. */
export type IndexHead = {
	readonly indexedTo: number | undefined;
	readonly hasEntries: boolean;
};

/** What the index of a storage without objects comes to: two pickles, the place and None. */
const emptyLength = 16;

/**
 * Up to which byte of the data file an index counts. It is a row of pickles, the first of them that number
 * (`ZODB.fsIndex.fsIndex.save`), in protocol 1 or 3. An index in an older form only shows that it is not empty.
 */
export const parseIndexHead = (head: Buffer, size: number): IndexHead => ({
	indexedTo: readNumber(head[0] === 0x80 ? head.subarray(2) : head),
	hasEntries: size > emptyLength,
});

/** The pickled integers K, M, J and LONG1, and those of protocol 0 and 1 as decimal lines; see `pickletools`. */
const readNumber = (bytes: Buffer): number | undefined => {
	switch (String.fromCharCode(bytes[0] ?? 0)) {
		case 'K':
			return bytes.length >= 2 ? bytes.readUInt8(1) : undefined;
		case 'M':
			return bytes.length >= 3 ? bytes.readUInt16LE(1) : undefined;
		case 'J':
			return bytes.length >= 5 ? bytes.readInt32LE(1) : undefined;
		case '\x8a': {
			const length = bytes[1] ?? 0;
			return length > 0 && length <= 6 && bytes.length >= 2 + length
				? bytes.readUIntLE(2, length)
				: undefined;
		}
		default: {
			const decimal = /^[IL](\d+)L?\n/.exec(bytes.toString('latin1'))?.[1];
			return decimal === undefined ? undefined : Number(decimal);
		}
	}
};
