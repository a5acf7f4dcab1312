const newline = 0x0a;

/** Where a marker landed in a file: `start` is its first space, `line` its first dash, `end` the byte after it. */
export type Mark = {readonly start: number; readonly line: number; readonly end: number};

/**
 * What a cut does: bytes before `end` (the marker aside) belong to the rotated file, bytes before `cut` leave the
 * head, and what remains of them, from `cut` to `end`, is overwritten with the marker.
 */
export type CutPlan = {readonly mark: Mark; readonly cut: number; readonly end: number};

/** The line that stands between a rotated file and the file that goes on. Local time, as in the event log. */
export const renderMarkerLine = (rotatedName: string, at: Date): string =>
	`--- continues ${rotatedName.replaceAll(/\p{Cc}/gu, '?')}, ${localTime(at)} ---\n`;

/** The line at the head of a file whose oldest output was removed, so many bytes, because there was no room for it. */
export const renderDropLine = (bytes: number, at: Date): string =>
	`--- ${bytes} bytes were removed here, ${localTime(at)} ---\n`;

/** Such a line at the head of a file: where it ends, and how many bytes are missing; undefined without one. */
export const readDropLine = (
	start: Buffer,
): {readonly length: number; readonly bytes: number} | undefined => {
	const match = /^ *--- (\d+) bytes were removed here, [^\n]+ ---\n/.exec(start.toString('latin1'));
	return match ? {length: match[0].length, bytes: Number(match[1])} : undefined;
};

/** Spaces from the end of a file of `size` bytes up to the next block. */
export const planFill = (size: number, blockSize: number): number =>
	(blockSize - (size % blockSize)) % blockSize;

/**
 * Decides where to cut. `end` lies behind the marker when a line was cut in two by it and its rest follows. The
 * cut is at a block, as the file system demands, and always keeps the marker.
 */
export const planCut = (mark: Mark, end: number, blockSize: number): CutPlan => ({
	mark,
	cut: mark.line - (mark.line % blockSize),
	end,
});

/** What the head of the file shall be after the cut: spaces, then the marker line. */
export const renderHead = ({cut, end}: CutPlan, line: string): Buffer => {
	const head = Buffer.alloc(end - cut, ' ');
	head.write(line, head.length - Buffer.byteLength(line));
	return head;
};

const headPattern = /^ *--- continues ([^\n]+), (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) ---\n/;

/** The marker at the head of a file that was cut: its length, the name and the local time it gives; undefined without one. */
export const readHead = (
	start: Buffer,
): {readonly length: number; readonly rotatedName: string; readonly at: string} | undefined => {
	const match = headPattern.exec(start.toString('latin1'));
	if (match?.[1] === undefined || match[2] === undefined) return undefined;
	const rotatedName = Buffer.from(match[1], 'latin1').toString();
	return {length: match[0].length, rotatedName, at: match[2]};
};

/** The marker lines inside a piece of output, with their spaces, as ranges in order. */
export const findMarkers = (
	content: Buffer,
): readonly {readonly start: number; readonly end: number}[] => {
	if (!content.includes('--- continues ')) return [];
	const pattern = / *--- continues [^\n]+, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d ---\n/g;
	return Array.from(content.toString('latin1').matchAll(pattern), ({index, 0: text}) => ({
		start: index,
		end: index + text.length,
	}));
};

/** The same output without its marker lines: what the program wrote. */
export const withoutMarkers = (content: Buffer): Buffer => {
	const markers = findMarkers(content);
	if (markers.length === 0) return content;
	const starts = [0, ...markers.map(({end}) => end)];
	const ends = [...markers.map(({start}) => start), content.length];
	return Buffer.concat(starts.map((start, index) => content.subarray(start, ends[index])));
};

/** The offset after the first line end at or after `from`, or undefined. */
export const endOfLine = (content: Buffer, from: number): number | undefined => {
	const index = content.indexOf(newline, from);
	return index === -1 ? undefined : index + 1;
};

/** Local time to the second, as in the event log. */
const localTime = (at: Date): string => {
	const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
	return shifted.toISOString().slice(0, 19);
};
