/** A queue of bytes that never holds more than its capacity; its memory grows with what it holds. */
export type Ring = {
	/** Bytes that are queued. */
	length(): number;
	/**
	 * Memory to read into, of at least 64 KB, the same until something stands in it. What was read to its beginning
	 * is pushed without being copied.
	 */
	reserve(): Buffer;
	/** Adds all of it, or nothing and answers false. */
	push(bytes: Buffer): boolean;
	/** The first bytes, at most so many, in pieces; they stay valid until they are shifted. */
	peek(mostBytes: number): readonly Buffer[];
	/** Forgets the first bytes. */
	shift(bytes: number): void;
};

const blockSize = 262_144;
/** What a pipe holds, so that one read can take all of it. */
const reservedSize = 65_536;
/**
 * Blocks that are kept for later, 2 MB: what a queue takes in a flood. New ones each time would fill the memory
 * until garbage is collected.
 */
const spareBlocks = 8;

type Block = {readonly memory: Buffer; start: number; end: number};

/** An empty queue. */
export const createRing = (capacity: number): Ring => {
	const blocks: Block[] = [];
	const spare: Buffer[] = [];
	/** Somebody may write behind its end at any time, so nobody else does. */
	let lent: Block | undefined;
	let length = 0;

	const addBlock = (): Block => {
		const block = {memory: spare.pop() ?? Buffer.allocUnsafeSlow(blockSize), start: 0, end: 0};
		blocks.push(block);
		return block;
	};

	const dropFirst = () => {
		const block = blocks.shift();
		if (block === undefined || block === lent) return;
		if (spare.length < spareBlocks) spare.push(block.memory);
	};

	const lend = (block: Block): Buffer => {
		lent = block;
		return block.memory.subarray(block.end, block.end + reservedSize);
	};

	const isInPlace = (bytes: Buffer, block: Block): boolean =>
		bytes.buffer === block.memory.buffer &&
		bytes.byteOffset === block.memory.byteOffset + block.end;

	const copyIn = (bytes: Buffer) => {
		let from = 0;
		while (from < bytes.length) {
			const last = blocks.at(-1);
			const isOpen = last !== undefined && last !== lent && last.end < blockSize;
			const block = isOpen ? last : addBlock();
			const count = bytes.copy(block.memory, block.end, from);
			block.end += count;
			from += count;
		}
	};

	return {
		length: () => length,
		reserve() {
			const last = blocks.at(-1);
			if (last !== undefined && last.end <= blockSize - reservedSize) return lend(last);
			const next = lend(addBlock());
			const [first] = blocks;
			if (first !== undefined && first.start === first.end && first !== lent) dropFirst();
			return next;
		},
		push(bytes) {
			if (bytes.length > capacity - length) return false;
			const last = blocks.at(-1);
			if (last !== undefined && last === lent && isInPlace(bytes, last)) last.end += bytes.length;
			else copyIn(bytes);
			length += bytes.length;
			return true;
		},
		peek(mostBytes) {
			const pieces: Buffer[] = [];
			let left = mostBytes;
			for (const {memory, start, end} of blocks) {
				if (left <= 0) break;
				if (start === end) continue;
				const piece = memory.subarray(start, Math.min(end, start + left));
				pieces.push(piece);
				left -= piece.length;
			}
			return pieces;
		},
		shift(bytes) {
			length -= bytes;
			let left = bytes;
			for (let [first] = blocks; first !== undefined && left > 0; [first] = blocks) {
				const count = Math.min(left, first.end - first.start);
				first.start += count;
				left -= count;
				// What is lent takes in more.
				if (first.start < first.end || (first === lent && blocks.length === 1)) return;
				dropFirst();
			}
		},
	};
};
