import fs from 'node:fs';
import path from 'node:path';
import {createFlood, lineAt, numberedLine, startOfLine} from './numbered-lines.js';

/** What became of numbered lines on their way into files. */
export type LineFigures = {
	readonly lines: number;
	/** Bytes of the files, marker lines among them. */
	readonly bytes: number;
	/** Lines that are missing, or cut, in all gaps together. */
	readonly lost: number;
	readonly gaps: number;
	/** Bytes in the largest gap. */
	readonly largestGap: number;
	/** What may not be: a line that is doubled, cut, out of order or missing without a word. */
	readonly faults: readonly string[];
};

/** Reads files, the oldest first, and compares every byte with what the program has written. */
export type LineCheck = {
	/** The next file. It must end with a whole line, unless gaps or cuts are allowed. */
	file(name: string): void;
	figures(): LineFigures;
};

/**
 * Compares in blocks, and line by line only where a block differs: at a marker, at a word about a gap, at a fault.
 * `mayHaveGaps`: a reader in between may be killed. A gap is then allowed beside a word that tells of it, with the
 * two parts of the lines that were cut there. `mayCutLines`: a line may begin in one file and end in the next.
 */
export const checkLines = ({
	mayHaveGaps = false,
	mayCutLines = false,
}: {
	readonly mayHaveGaps?: boolean;
	readonly mayCutLines?: boolean;
}): LineCheck => {
	const flood = createFlood();
	const faults: string[] = [];
	let next = 0;
	let lines = 0;
	let bytes = 0;
	let lost = 0;
	let gaps = 0;
	let largestGap = 0;
	let isAfterWord = false;
	/** The beginning of a line whose end is in the next file. */
	let carried = '';
	/** What is not a whole line, since the last one: it must belong to the gap that follows. */
	let parts: {readonly text: string; readonly isAfterWord: boolean}[] = [];

	/** How many bytes are as they should be, up to the end of a line. */
	const takeEqual = (content: Buffer): number => {
		const start = startOfLine(next);
		let equal = 0;
		while (equal < content.length) {
			const expected = flood.from(start + equal);
			const length = Math.min(expected.length, content.length - equal);
			const found = firstDifference(expected.subarray(0, length), content.subarray(equal));
			equal += found;
			if (found < length) break;
		}
		const reached = lineAt(start + equal);
		if (reached > next) endGap(next);
		lines += reached - next;
		next = reached;
		return startOfLine(reached) - start;
	};

	/** At a whole line: parts before it are the beginning of the first line in the gap, and the end of the last one. */
	const endGap = (number: number) => {
		for (const {text, isAfterWord: isEnd} of parts) {
			const isPart = isEnd
				? numberedLine(number - 1).endsWith(`${text}\n`)
				: numberedLine(next).startsWith(text);
			// A whole line that somebody completed before its own line end came.
			const isNothing = isEnd && text === '';
			if (!isNothing && !(isPart && number > next)) {
				faults.push(`${JSON.stringify(text.slice(0, 100))} before line ${number}`);
			}
		}
		parts = [];
		isAfterWord = false;
	};

	const takeOddLine = (file: string, line: string) => {
		if (/^ *--- continues .* ---$/.test(line)) return;
		if (/^ *--- .* ---$/.test(line)) {
			isAfterWord = true;
			return;
		}
		const fault = (text: string) => faults.push(`${path.basename(file)}: ${text}`);
		const number = Number(line.slice(0, 10));
		if (`${line}\n` !== numberedLine(number)) {
			if (mayHaveGaps) parts.push({text: line, isAfterWord});
			else fault(`${JSON.stringify(line.slice(0, 100))} instead of line ${next}`);
			return;
		}
		const isMarked = mayHaveGaps && isAfterWord && number > next;
		if (!isMarked) fault(`line ${number} instead of line ${next}`);
		endGap(number);
		gaps += 1;
		lost += Math.max(0, number - next);
		largestGap = Math.max(largestGap, startOfLine(number) - startOfLine(next));
		lines += 1;
		next = number + 1;
	};

	const takeContent = (file: string, content: Buffer): number => {
		let done = takeEqual(content);
		while (done < content.length) {
			const end = content.indexOf('\n', done);
			if (end === -1) break;
			takeOddLine(file, content.toString('latin1', done, end));
			done = end + 1;
			done += takeEqual(content.subarray(done));
		}
		return done;
	};

	return {
		file(name) {
			let rest = piece.write(carried, 'latin1');
			carried = '';
			const descriptor = fs.openSync(name, 'r');
			try {
				for (;;) {
					const length = fs.readSync(descriptor, piece, rest, piece.length - rest, null);
					bytes += length;
					if (length === 0) break;
					const content = piece.subarray(0, rest + length);
					const done = takeContent(name, content);
					rest = content.length - done;
					if (rest === piece.length) throw new Error(`a line of ${rest} bytes in ${name}`);
					piece.copy(piece, 0, done, content.length);
				}
			} finally {
				fs.closeSync(descriptor);
			}
			if (rest === 0) return;
			const text = piece.toString('latin1', 0, rest);
			if (mayCutLines) carried = text;
			else if (mayHaveGaps) parts.push({text, isAfterWord});
			else faults.push(`${path.basename(name)} ends with ${JSON.stringify(text.slice(-100))}`);
		},
		figures() {
			const left = parts.map(({text}) => `the end is ${JSON.stringify(text.slice(0, 100))}`);
			if (carried !== '') left.push(`the end is ${JSON.stringify(carried.slice(0, 100))}`);
			return {lines, bytes, lost, gaps, largestGap, faults: [...faults, ...left]};
		},
	};
};

const piece = Buffer.allocUnsafe(4_194_304);

/** The length of the equal part; of `found` no more than the length of `expected` counts. */
const firstDifference = (expected: Buffer, found: Buffer): number => {
	const {length} = expected;
	if (expected.compare(found, 0, length) === 0) return length;
	return expected.findIndex((byte, index) => byte !== found[index]);
};

/** The number of the first whole line near the beginning of a file. */
export const firstNumberIn = (file: string): number | undefined => {
	const descriptor = fs.openSync(file, 'r');
	try {
		const start = Buffer.alloc(262_144);
		const length = fs.readSync(descriptor, start, 0, start.length, 0);
		return start
			.toString('latin1', 0, length)
			.split('\n')
			.map(line => ({line, number: Number(line.slice(0, 10))}))
			.find(({line, number}) => `${line}\n` === numberedLine(number))?.number;
	} finally {
		fs.closeSync(descriptor);
	}
};
