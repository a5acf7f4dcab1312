/** White space as Python's `str.strip()` and `\s` know it: not U+FEFF, but the separators 0x1c to 0x1f and 0x85. */
export const isPythonSpace = (code: number): boolean =>
	code <= 0x20
		? (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20)
		: code >= 0x85 &&
			(code === 0x85 ||
				code === 0xa0 ||
				code === 0x1680 ||
				(code >= 0x2000 && code <= 0x200a) ||
				code === 0x2028 ||
				code === 0x2029 ||
				code === 0x202f ||
				code === 0x205f ||
				code === 0x3000);

/** The index of the first character at or after `start` that is not white space. */
export const skipSpace = (text: string, start: number): number => {
	let index = start;
	while (index < text.length && isPythonSpace(text.charCodeAt(index))) index++;
	return index;
};

/** Python's `str.rstrip()`. */
export const stripEnd = (text: string): string => {
	let end = text.length;
	while (end > 0 && isPythonSpace(text.charCodeAt(end - 1))) end--;
	return end === text.length ? text : text.slice(0, end);
};

/** Python's `str.strip()`. */
export const strip = (text: string): string => {
	const start = skipSpace(text, 0);
	return stripEnd(start === 0 ? text : text.slice(start));
};

/** Python's `str.split()`: the words between runs of white space. */
export const splitWords = (text: string): string[] => {
	const words: string[] = [];
	for (let start = skipSpace(text, 0); start < text.length; ) {
		const end = wordEnd(text, start);
		words.push(text.slice(start, end));
		start = skipSpace(text, end);
	}
	return words;
};

/** The index of the first white space at or after `start`, or the length of the text. */
export const wordEnd = (text: string, start: number): number => {
	let index = start;
	while (index < text.length && !isPythonSpace(text.charCodeAt(index))) index++;
	return index;
};
