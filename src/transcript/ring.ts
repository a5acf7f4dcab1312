/** A queue of bytes that never holds more than its capacity; its memory grows with what it holds. */
export type Ring = {
	/** Bytes that are queued. */
	length(): number;
	/** Memory to read into, until it is asked for again. What is pushed from there is not copied. */
	room(): Buffer;
	/** Adds all of it, or nothing and answers false. */
	push(bytes: Buffer): boolean;
	/** The first bytes, at most so many, in pieces; they stay valid until they are shifted. */
	peek(mostBytes: number): readonly Buffer[];
	/** Forgets the first bytes. */
	shift(bytes: number): void;
};

/** More than the pipe holds: a read that does not fill its memory is the last of its turn. */
const blockSize = 266_240;
/** With less room a block is not read into, so that floods come in large pieces. */
const leastRoom = 65_536;
/**
 * Blocks that are kept for later, 3 MB: what a queue takes in a flood. New ones each time would
 * fill the memory until garbage is collected.
 */
const spareBlocks = 12;

/** Its users are the pieces in it, and who fills it. */
type Block = {readonly memory: Buffer; filled: number; users: number};
type Piece = {readonly block: Block; start: number; end: number};

/** An empty queue. */
export const createRing = (capacity: number): Ring => {
	const pieces: Piece[] = [];
	const spare: Buffer[] = [];
	let length = 0;

	const takeBlock = (): Block => ({
		// The last that was used: the processor still has it at hand.
		memory: spare.pop() ?? Buffer.allocUnsafeSlow(blockSize),
		filled: 0,
		users: 1,
	});
	let lent = takeBlock();
	let copiedTo = takeBlock();

	const release = (block: Block) => {
		block.users -= 1;
		if (block.users === 0 && spare.length < spareBlocks) spare.push(block.memory);
	};

	/** The block, or another one if it has less room than that. */
	const withRoom = (block: Block, leastBytes: number): Block => {
		// Nothing in it is queued.
		if (block.users === 1) block.filled = 0;
		if (blockSize - block.filled >= leastBytes) return block;
		release(block);
		return takeBlock();
	};

	const add = (block: Block, start: number, end: number) => {
		const last = pieces.at(-1);
		if (last?.block === block && last.end === start) last.end = end;
		else {
			pieces.push({block, start, end});
			block.users += 1;
		}
		block.filled = end;
		length += end - start;
	};

	return {
		length: () => length,
		room() {
			lent = withRoom(lent, leastRoom);
			return lent.memory.subarray(lent.filled);
		},
		push(bytes) {
			if (bytes.length > capacity - length) return false;
			if (bytes.buffer === lent.memory.buffer) {
				add(lent, bytes.byteOffset, bytes.byteOffset + bytes.length);
				return true;
			}
			let from = 0;
			while (from < bytes.length) {
				copiedTo = withRoom(copiedTo, 1);
				const count = bytes.copy(copiedTo.memory, copiedTo.filled, from);
				add(copiedTo, copiedTo.filled, copiedTo.filled + count);
				from += count;
			}
			return true;
		},
		peek(mostBytes) {
			const found: Buffer[] = [];
			let left = mostBytes;
			for (const {block, start, end} of pieces) {
				if (left <= 0) break;
				const piece = block.memory.subarray(start, Math.min(end, start + left));
				found.push(piece);
				left -= piece.length;
			}
			return found;
		},
		shift(bytes) {
			length -= bytes;
			let left = bytes;
			for (let [first] = pieces; first !== undefined && left > 0; [first] = pieces) {
				const count = Math.min(left, first.end - first.start);
				first.start += count;
				left -= count;
				if (first.start < first.end) return;
				pieces.shift();
				release(first.block);
			}
		},
	};
};
