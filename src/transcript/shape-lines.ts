/** What becomes of the program's output on its way into a log. */
export type LineShaper = {
	/** The output to write for a piece of the program's. What does not end with a line end is completed later. */
	shape(piece: Buffer, at: Date): Buffer;
	/** A line of our own, after an end of whatever line is open. */
	remark(text: string, at: Date): Buffer;
	/** What is held back of a line that has not ended. */
	flush(at: Date): Buffer;
};

/** A line longer than this is written in parts. In bytes. */
const longestLine = 65_536;
const newline = 0x0a;
const nothing = Buffer.alloc(0);

/** A shaper of the kind that the conf asks for: as it is, with the time before each line, or as JSON lines. */
export const createShaper = ({
	format,
	timestamps,
}: {
	readonly format: 'text' | 'json';
	readonly timestamps: boolean;
}): LineShaper => {
	if (format === 'json') return jsonShaper();
	return textShaper(timestamps ? at => Buffer.from(`${isoTime(at)} `) : () => nothing);
};

const textShaper = (stampOf: (at: Date) => Buffer): LineShaper => {
	let isOpen = false;
	return {
		shape(piece, at) {
			const stamp = stampOf(at);
			const output = stamp.length === 0 ? piece : withStamps(piece, stamp, isOpen);
			if (piece.length > 0) isOpen = piece[piece.length - 1] !== newline;
			return output;
		},
		remark(text, at) {
			const end = isOpen ? '\n' : '';
			isOpen = false;
			return Buffer.concat([Buffer.from(end), stampOf(at), Buffer.from(`--- ${text} ---\n`)]);
		},
		flush: () => nothing,
	};
};

const withStamps = (piece: Buffer, stamp: Buffer, isOpen: boolean): Buffer => {
	const starts = lineStarts(piece);
	if (!isOpen && piece.length > 0) starts.unshift(0);
	const output = Buffer.allocUnsafe(piece.length + starts.length * stamp.length);
	let from = 0;
	let to = 0;
	for (const start of starts) {
		to += piece.copy(output, to, from, start);
		to += stamp.copy(output, to);
		from = start;
	}
	piece.copy(output, to, from);
	return output;
};

/** Offsets behind each line end, except at the very end. */
const lineStarts = (piece: Buffer): number[] => {
	const starts: number[] = [];
	let index = piece.indexOf(newline);
	while (index !== -1 && index + 1 < piece.length) {
		starts.push(index + 1);
		index = piece.indexOf(newline, index + 1);
	}
	return starts;
};

const jsonShaper = (): LineShaper => {
	let rest = nothing;
	return {
		shape(piece, at) {
			const time = isoTime(at);
			const lines: string[] = [];
			let content = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
			for (;;) {
				const end = content.indexOf(newline);
				const isWhole = end !== -1 && end <= longestLine;
				if (!isWhole && content.length < longestLine) break;
				const length = isWhole ? end : partLength(content);
				lines.push(renderJson(time, content.toString('utf8', 0, length), !isWhole));
				content = content.subarray(length + (isWhole ? 1 : 0));
			}
			// The piece is memory that will be used again.
			rest = Buffer.from(content);
			return Buffer.from(lines.join(''));
		},
		remark(text, at) {
			return Buffer.concat([
				this.flush(at),
				Buffer.from(`${JSON.stringify({time: isoTime(at), zeoctl: text})}\n`),
			]);
		},
		flush(at) {
			if (rest.length === 0) return nothing;
			const line = renderJson(isoTime(at), rest.toString(), false);
			rest = nothing;
			return Buffer.from(line);
		},
	};
};

const renderJson = (time: string, message: string, continues: boolean): string =>
	`${JSON.stringify({time, message, ...(continues && {continues})})}\n`;

/** Not in the middle of a character. */
const partLength = (content: Buffer): number => {
	let length = longestLine;
	while (length > longestLine - 4 && ((content[length] ?? 0) & 0xc0) === 0x80) length -= 1;
	return length;
};

/** Local time with milliseconds and offset (RFC 3339). */
const isoTime = (at: Date): string => {
	const offset = -at.getTimezoneOffset();
	const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 23);
	const minutes = Math.abs(offset);
	const two = (value: number): string => String(value).padStart(2, '0');
	return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};
