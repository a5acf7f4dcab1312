/** What a call can carry. Numbers that are whole are sent as integers, unless they are wrapped as a float. */
export type PickleInput =
	| null
	| boolean
	| number
	| string
	| Uint8Array
	| {readonly float: number}
	| readonly PickleInput[];

/**
 * A value as the pickles of ZEO's calls have it: the subset of protocol 3 that every ZEO server reads, arrays as
 * tuples. Throws a RangeError for integers beyond 32 bits.
 */
export const encodePickle = (value: PickleInput): Buffer =>
	Buffer.concat([start, encodeValue(value), stop]);

const start = Buffer.from([0x80, 3]);
const stop = Buffer.from('.');

const encodeValue = (value: PickleInput): Buffer => {
	if (value === null) return Buffer.from('N');
	if (typeof value === 'boolean') return Buffer.from([value ? 0x88 : 0x89]);
	if (typeof value === 'number')
		return Number.isInteger(value) ? encodeInteger(value) : encodeFloat(value);
	if (typeof value === 'string') return withLength('X', Buffer.from(value));
	if (value instanceof Uint8Array) return encodeBytes(value);
	return 'float' in value ? encodeFloat(value.float) : encodeTuple(value);
};

const encodeInteger = (value: number): Buffer => {
	if (value >= 0 && value < 256) return Buffer.from([0x4b, value]);
	if (value >= 0 && value < 65_536) return Buffer.from([0x4d, value & 255, value >> 8]);
	if (value !== (value | 0)) throw new RangeError(`cannot send ${value}: beyond 32 bits`);
	const bytes = Buffer.from('J____');
	bytes.writeInt32LE(value, 1);
	return bytes;
};

const encodeFloat = (value: number): Buffer => {
	const bytes = Buffer.from('G________');
	bytes.writeDoubleBE(value, 1);
	return bytes;
};

const encodeBytes = (value: Uint8Array): Buffer =>
	value.length < 256
		? Buffer.concat([Buffer.from([0x43, value.length]), value])
		: withLength('B', value);

const withLength = (opcode: string, content: Uint8Array): Buffer => {
	const head = Buffer.from(`${opcode}____`);
	head.writeUInt32LE(content.length, 1);
	return Buffer.concat([head, content]);
};

/** Up to three items the number of them is in the opcode, beyond that they follow a mark. */
const encodeTuple = (items: readonly PickleInput[]): Buffer => {
	const content = Buffer.concat(items.map(encodeValue));
	const opcode = shortTuples[items.length];
	return opcode === undefined
		? Buffer.concat([Buffer.from('('), content, Buffer.from('t')])
		: Buffer.concat([content, Buffer.from([opcode])]);
};

const shortTuples = [0x29, 0x85, 0x86, 0x87];
