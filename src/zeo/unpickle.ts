/** A value out of a pickle. Tuples and lists are arrays; what a pickle names is an inert record, and never looked up. */
export type PickleValue =
	| null
	| boolean
	| number
	/** Beyond 53 bits. */
	| bigint
	| string
	| Buffer
	| readonly PickleValue[]
	| ReadonlyMap<PickleValue, PickleValue>
	| PickledName
	| PickledObject;

/** A name of Python, such as `builtins.ValueError`. */
export type PickledName = {readonly is: 'name'; readonly name: string};

/** What somebody else would make by calling a name. */
type PickledObject = {
	readonly is: 'object';
	readonly made: PickledName;
	readonly args: PickleValue;
	/** Its attributes, where the pickle sets any. */
	readonly state: PickleValue;
};

/**
 * The value of a pickle, from the subset that ZEO servers answer with. Throws an Error with one sentence for
 * everything else: other opcodes, a pickle that is cut short, nesting beyond any answer.
 */
export const decodePickle = (bytes: Uint8Array): PickleValue => {
	const reader = createReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
	const machine = createMachine();
	for (;;) {
		const opcode = reader.byte();
		if (opcode === 0x2e) return machine.result();
		const act = operations[opcode];
		if (act === undefined)
			throw new Error(`opcode ${renderOpcode(opcode)} is not one of ZEO's answers`);
		act(machine, reader);
	}
};

const renderOpcode = (opcode: number): string => `0x${opcode.toString(16).padStart(2, '0')}`;

type Reader = {
	byte(): number;
	take(length: number): Buffer;
	/** Up to the next newline, without it. */
	line(): string;
};

const createReader = (bytes: Buffer): Reader => {
	let place = 0;
	const take = (length: number): Buffer => {
		if (place + length > bytes.length) throw new Error('it is cut short');
		place += length;
		return bytes.subarray(place - length, place);
	};
	return {
		byte: () => take(1)[0] ?? 0,
		take,
		line() {
			const end = bytes.indexOf(10, place);
			if (end < 0) throw new Error('it is cut short');
			const text = bytes.toString('utf8', place, end);
			place = end + 1;
			return text;
		},
	};
};

type Machine = {
	push(value: PickleValue): void;
	pop(): PickleValue;
	top(): PickleValue;
	mark(): void;
	/** What was pushed since the last mark. */
	popToMark(): PickleValue[];
	memo: Map<number, PickleValue>;
	result(): PickleValue;
};

const createMachine = (): Machine => {
	const stack: PickleValue[] = [];
	const marks: number[] = [];
	const top = (): PickleValue => {
		const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
		if (value === undefined) throw new Error('it takes more than it has put');
		return value;
	};
	return {
		push: value => void stack.push(value),
		pop() {
			const value = top();
			stack.pop();
			return value;
		},
		top,
		mark: () => void marks.push(stack.length),
		popToMark() {
			const mark = marks.pop();
			if (mark === undefined) throw new Error('it has no mark');
			return stack.splice(mark);
		},
		memo: new Map(),
		result() {
			const [value] = stack;
			if (value === undefined || stack.length > 1 || marks.length > 0)
				throw new Error('it is not one value');
			return value;
		},
	};
};

type Operation = (machine: Machine, reader: Reader) => void;

const constant =
	(value: PickleValue): Operation =>
	machine =>
		machine.push(value);

const tuple =
	(length: number): Operation =>
	machine =>
		machine.push(Array.from({length}, () => machine.pop()).reverse());

const number =
	(length: number, read: (bytes: Buffer) => number): Operation =>
	(machine, reader) =>
		machine.push(read(reader.take(length)));

const unsigned = (bytes: Buffer): number => bytes.readUIntLE(0, bytes.length);
const signed = (bytes: Buffer): number => bytes.readInt32LE();

/** Content behind its length. */
const sized =
	(lengthBytes: 1 | 4, decode: (content: Buffer) => PickleValue): Operation =>
	(machine, reader) =>
		machine.push(decode(reader.take(unsigned(reader.take(lengthBytes)))));

const text = (content: Buffer): string => content.toString('utf8');
/** A string of Python 2, which may be text or bytes. */
const oldString = (content: Buffer): string => content.toString('latin1');
const copy = (content: Buffer): Buffer => Buffer.from(content);

/** Two's complement, little-endian; a size beyond 2 GiB comes so. */
const long = (content: Buffer): number | bigint => {
	const hex = Buffer.from(content).reverse().toString('hex');
	const value = hex === '' ? 0n : BigInt.asIntN(content.length * 8, BigInt(`0x${hex}`));
	const small = Number(value);
	return Number.isSafeInteger(small) ? small : value;
};

const put =
	(lengthBytes: 1 | 4): Operation =>
	({memo, top}, reader) =>
		void memo.set(unsigned(reader.take(lengthBytes)), top());

/** What holds other values is not recalled: a value that contains itself would never end. */
const get =
	(lengthBytes: 1 | 4): Operation =>
	({memo, push}, reader) => {
		const value = memo.get(unsigned(reader.take(lengthBytes)));
		const isPlain = typeof value !== 'object' || value === null || isName(value);
		if (value === undefined || !(isPlain || Buffer.isBuffer(value)))
			throw new Error('it recalls what it has not kept');
		push(value);
	};

const append = (machine: Machine, items: readonly PickleValue[]): void => {
	const list = machine.top();
	if (!Array.isArray(list)) throw new Error('it adds to what is no list');
	for (const item of items) list.push(item);
};

const setItems = (machine: Machine, items: readonly PickleValue[]): void => {
	const dict = machine.top();
	if (!(dict instanceof Map) || items.length % 2 > 0)
		throw new Error('it sets items of what is no dict');
	for (let index = 0; index < items.length; index += 2)
		dict.set(items[index] ?? null, items[index + 1] ?? null);
};

const isName = (value: PickleValue): value is PickledName =>
	typeof value === 'object' && value !== null && 'is' in value && value.is === 'name';

const isObject = (value: PickleValue): value is PickledObject =>
	typeof value === 'object' && value !== null && 'is' in value && value.is === 'object';

const makeObject: Operation = ({push, pop}) => {
	const args = pop();
	const made = pop();
	if (!isName(made)) throw new Error('it makes something of what is no name');
	push({is: 'object', made, args, state: null});
};

const setState: Operation = ({push, pop}) => {
	const state = pop();
	const made = pop();
	if (!isObject(made)) throw new Error('it gives attributes to what is no object');
	push({...made, state});
};

/** By opcode (Lib/pickletools.py). */
const operations: Readonly<Record<number, Operation>> = {
	128: (_machine, reader) => {
		const protocol = reader.byte();
		if (protocol > 3) throw new Error(`it has protocol ${protocol}, which no ZEO server speaks`);
	},
	40: machine => machine.mark(),
	116: machine => machine.push(machine.popToMark()),
	41: machine => machine.push([]),
	133: tuple(1),
	134: tuple(2),
	135: tuple(3),
	78: constant(null),
	136: constant(true),
	137: constant(false),
	75: number(1, unsigned),
	77: number(2, unsigned),
	74: number(4, signed),
	71: number(8, bytes => bytes.readDoubleBE()),
	138: sized(1, long),
	88: sized(4, text),
	67: sized(1, copy),
	66: sized(4, copy),
	85: sized(1, oldString),
	84: sized(4, oldString),
	93: machine => machine.push([]),
	97: machine => {
		const item = machine.pop();
		append(machine, [item]);
	},
	101: machine => append(machine, machine.popToMark()),
	125: machine => machine.push(new Map()),
	115: machine => {
		const value = machine.pop();
		const key = machine.pop();
		setItems(machine, [key, value]);
	},
	117: machine => setItems(machine, machine.popToMark()),
	113: put(1),
	114: put(4),
	104: get(1),
	106: get(4),
	99: (machine, reader) => {
		const module = reader.line();
		machine.push({is: 'name', name: `${module}.${reader.line()}`});
	},
	82: makeObject,
	98: setState,
};
