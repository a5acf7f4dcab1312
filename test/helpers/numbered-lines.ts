/** How many lines a block has, and how long each of its parts of 60 lines is: the length of a line depends on its number. */
const period = 60;
const periodBytes = 3750;
const blockLines = 6000;
const blockBytes = (blockLines / period) * periodBytes;
const digits = 10;
const longest = 92;
const filler = 'x'.repeat(80);
const zero = 0x30;

/** The one line with this number, with its end: ten digits and as many letters as the number says. */
export const numberedLine = (number: number): string =>
	`${String(number).padStart(digits, '0')} ${filler.slice(number % period)}\n`;

/** Where a line begins in a flood of all lines from number 0 on, in bytes. */
export const startOfLine = (number: number): number => {
	const rest = number % period;
	return Math.floor(number / period) * periodBytes + rest * longest - (rest * (rest - 1)) / 2;
};

/** The number of the line in which this byte of the flood is. */
export const lineAt = (offset: number): number => {
	let number = Math.floor(offset / periodBytes) * period;
	while (startOfLine(number + 1) <= offset) number += 1;
	return number;
};

/** A flood of numbered lines, made in blocks, far faster than a line at a time. */
export type NumberedFlood = {
	/** The bytes from an offset on, up to the end of a block: valid until the next call. */
	from(offset: number): Buffer;
};

/** Makes any part of the flood; the next one is cheap to make. */
export const createFlood = (): NumberedFlood => {
	const block = Buffer.from(
		Array.from({length: blockLines}, (_, number) => numberedLine(number)).join(''),
	);
	let present = 0;
	const renumber = (index: number) => {
		for (let line = 0; line < blockLines; line += 1) {
			const start = startOfLine(line);
			let number = index * blockLines + line;
			for (let place = start + digits - 1; place >= start; place -= 1) {
				block[place] = zero + (number % 10);
				number = Math.floor(number / 10);
			}
		}
		present = index;
	};
	return {
		from(offset) {
			const index = Math.floor(offset / blockBytes);
			if (index !== present) renumber(index);
			return block.subarray(offset - index * blockBytes);
		},
	};
};
