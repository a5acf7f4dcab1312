import fs from 'node:fs';
import {readRange} from './read-range.js';

const newline = 0x0a;
const blockSize = 65_536;

/** How much of the end of a file to take. */
export type LastLinesOptions = {
	readonly lines: number;
	/** Never more than this, even if a line is longer; 1 MiB if not given. */
	readonly maxBytes?: number;
	/** Nothing before this offset. */
	readonly from?: number;
};

/** The offsets between which the last lines of an open file stand. A last line without its end counts as one. */
export const findLastLines = (
	descriptor: number,
	{lines, maxBytes = 1_048_576, from = 0}: LastLinesOptions,
): {readonly start: number; readonly end: number} => {
	const end = fs.fstatSync(descriptor).size;
	if (lines <= 0) return {start: end, end};
	const lowest = Math.max(Math.min(from, end), end - maxBytes);
	let missing = lines;
	// The end of the last line separates nothing.
	let searchEnd = Math.max(lowest, end - 1);
	while (searchEnd > lowest) {
		const blockStart = Math.max(lowest, searchEnd - blockSize);
		const block = readRange(descriptor, blockStart, searchEnd);
		let index = block.length;
		while (index > 0) {
			index = block.lastIndexOf(newline, index - 1);
			if (index === -1) break;
			missing -= 1;
			if (missing === 0) return {start: blockStart + index + 1, end};
		}
		searchEnd = blockStart;
	}
	return {start: lowest, end};
};
