import type {Ring} from './ring.js';
import type {LineShaper} from './shape-lines.js';

/** Lines on their way to a disk that may be slower than the program, or full. */
export type BoundedLines = {
	/** Takes in a piece of output, or counts it as lost where there is no room. */
	take(piece: Buffer): void;
	/** Says in the log what was lost, if there is room for that. To be called when something was written. */
	settle(): void;
	/** Adds a line of our own. */
	remark(text: string): void;
	/** Lines lost so far. */
	lost(): number;
};

const newline = 0x0a;

/**
 * Whole lines only: the line that is open when the room ends is completed if it is not too long, and what follows is
 * taken in from its first whole line on. In between stands a line that says how much is missing.
 */
export const boundLines = ({
	ring,
	capacity,
	shaper,
	now,
	why,
}: {
	readonly ring: Ring;
	/** What may be queued; the ring itself has room for a line more. */
	readonly capacity: number;
	readonly shaper: LineShaper;
	readonly now: () => Date;
	/** Why there is no room. */
	readonly why: () => string;
}): BoundedLines => {
	let isOpen = false;
	let isSkipping = false;
	/** The loss that is not told yet. */
	let lines = 0;
	let bytes = 0;
	let allLines = 0;
	let reason = '';

	const enqueue = (piece: Buffer): boolean => {
		if (piece.length === 0) return true;
		if (!ring.push(shaper.shape(piece, now()))) return false;
		isOpen = piece[piece.length - 1] !== newline;
		return true;
	};

	const lose = (piece: Buffer): void => {
		if (piece.length === 0) return;
		if (bytes === 0) reason = why();
		// The end of a line that was counted already.
		const count = countLines(piece) - (isSkipping ? 1 : 0);
		lines += count;
		allLines += count;
		bytes += piece.length;
		isSkipping = piece[piece.length - 1] !== newline;
	};

	const tellLoss = (): boolean => {
		if (bytes === 0) return true;
		const text = `${lines} lines (${bytes} bytes) of output were lost here: ${reason}`;
		if (!ring.push(shaper.remark(text, now()))) return false;
		isOpen = false;
		lines = 0;
		bytes = 0;
		return true;
	};

	const hasRoomAgain = (): boolean => ring.length() <= capacity / 2 && tellLoss();

	const begin = (piece: Buffer): void => {
		if (ring.length() + piece.length > capacity) {
			const end = isOpen ? piece.indexOf(newline) + 1 : 0;
			lose(enqueue(piece.subarray(0, end)) ? piece.subarray(end) : piece);
		} else if (!enqueue(piece)) lose(piece);
	};

	return {
		take(piece) {
			if (bytes > 0 && !hasRoomAgain()) return lose(piece);
			if (!isSkipping) return begin(piece);
			const end = piece.indexOf(newline);
			// The rest of a line whose beginning was counted.
			if (end === -1) return;
			isSkipping = false;
			begin(piece.subarray(end + 1));
		},
		settle: () => void hasRoomAgain(),
		remark(text) {
			if (ring.push(shaper.remark(text, now()))) isOpen = false;
		},
		lost: () => allLines,
	};
};

/** How many lines end in a piece; one that has no end counts, too. */
const countLines = (piece: Buffer): number => {
	let count = piece[piece.length - 1] === newline ? 0 : 1;
	let index = piece.indexOf(newline);
	while (index !== -1) {
		count += 1;
		index = piece.indexOf(newline, index + 1);
	}
	return count;
};
