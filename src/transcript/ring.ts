/** A queue of bytes that never holds more than its capacity; its memory grows with what it holds. */
export type Ring = {
	/** Bytes that are queued. */
	length(): number;
	/** Adds all of it, or nothing and answers false. */
	push(bytes: Buffer): boolean;
	/** The first bytes, at most so many, in pieces; they stay valid until they are shifted. */
	peek(mostBytes: number): readonly Buffer[];
	/** Forgets the first bytes. */
	shift(bytes: number): void;
};

const blockSize = 131_072;
/**
 * Blocks that are kept for later, 2 MB: what a queue takes in a flood. New ones each time would
 * fill the memory until garbage is collected.
 */
const spareBlocks = 16;

type Block = {readonly memory: Buffer; start: number; end: number};

/** An empty queue. */
export const createRing = (capacity: number): Ring => {
	const blocks: Block[] = [];
	const spare: Buffer[] = [];
	let length = 0;

	const addBlock = (): Block => {
		const block = {memory: spare.pop() ?? Buffer.allocUnsafeSlow(blockSize), start: 0, end: 0};
		blocks.push(block);
		return block;
	};

	const dropFirst = () => {
		const block = blocks.shift();
		if (block !== undefined && spare.length < spareBlocks) spare.push(block.memory);
	};

	return {
		length: () => length,
		push(bytes) {
			if (bytes.length > capacity - length) return false;
			let from = 0;
			while (from < bytes.length) {
				const last = blocks.at(-1);
				const block = last === undefined || last.end === blockSize ? addBlock() : last;
				const count = bytes.copy(block.memory, block.end, from);
				block.end += count;
				from += count;
			}
			length += bytes.length;
			return true;
		},
		peek(mostBytes) {
			const pieces: Buffer[] = [];
			let left = mostBytes;
			for (const {memory, start, end} of blocks) {
				if (left <= 0) break;
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
				if (first.start < first.end) return;
				dropFirst();
			}
		},
	};
};
