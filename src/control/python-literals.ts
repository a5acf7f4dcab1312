import {escapeCodePoint, renderPythonString} from '../platform/python-repr.js';

/** A list of strings as Python's `repr` writes it. */
export const renderPythonList = (texts: readonly string[]): string =>
	`[${texts.map(text => renderPythonString(text)).join(', ')}]`;

/** Bytes, one per UTF-16 unit of the argument, as Python's `repr` writes them. */
export const renderPythonBytes = (latin1: string): string =>
	`b${renderPythonString(latin1).replace(/[\u00a1-\u00ff]/g, character => escapeCodePoint(character.charCodeAt(0)))}`;

/** The value of one Python string literal, or undefined where the text is something else. */
export const parsePythonString = (text: string): string | undefined => {
	const literal = readString(text, 0);
	return literal?.end === text.length ? literal.value : undefined;
};

/** The values of a Python list of string literals, or undefined where the text is something else. */
export const parsePythonList = (text: string): string[] | undefined => {
	const values: string[] = [];
	if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
	if (text === '[]') return values;
	let index = 1;
	for (;;) {
		const literal = readString(text, index);
		if (literal === undefined) return undefined;
		values.push(literal.value);
		if (literal.end === text.length - 1) return values;
		if (!text.startsWith(', ', literal.end)) return undefined;
		index = literal.end + 2;
	}
};

const stringLiteral = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;
const escapeSequence =
	/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U(00(?:0[\da-fA-F]|10)[\da-fA-F]{4})|(.))/g;
const namedEscapes: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t'};

const readString = (text: string, index: number): {value: string; end: number} | undefined => {
	stringLiteral.lastIndex = index;
	const match = stringLiteral.exec(text);
	if (match === null) return undefined;
	const body = match[1] ?? match[2] ?? '';
	return {
		value: body.includes('\\') ? body.replace(escapeSequence, decodeEscape) : body,
		end: stringLiteral.lastIndex,
	};
};

const decodeEscape = (_: string, x?: string, u?: string, wide?: string, one = ''): string => {
	const digits = x ?? u ?? wide;
	if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
	return namedEscapes[one] ?? one;
};
