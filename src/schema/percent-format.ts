import {align, convertValue, type FormatPiece, parseColumns} from './format-piece.js';
import type {FieldValue} from './log-record.js';
import {formatFloat} from './python-number.js';

/** What follows the name: flags, width, precision, one length letter without meaning, the conversion. */
const specifier = /^([#0\- +]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.)?/su;

/** Python's `%(name)s` formatting, with its messages where it has one. */
export const parsePercentFormat = (format: string): FormatPiece[] => {
	const pieces: FormatPiece[] = [];
	let position = 0;
	while (position < format.length) {
		const percent = format.indexOf('%', position);
		if (percent === -1) break;
		pieces.push(format.slice(position, percent));
		if (format[percent + 1] === '%') {
			pieces.push('%');
			position = percent + 2;
		} else {
			const {piece, end} = parseField(format, percent);
			pieces.push(piece);
			position = end;
		}
	}
	return [...pieces, format.slice(position)];
};

const parseField = (
	format: string,
	percent: number,
): {readonly piece: FormatPiece; readonly end: number} => {
	const nameEnd = format[percent + 1] === '(' ? closingParenthesis(format, percent + 1) : undefined;
	const start = nameEnd === undefined ? percent + 1 : nameEnd + 1;
	const [all, flags = '', width = '', precision, conversion] =
		specifier.exec(format.slice(start)) ?? [];
	if (all === undefined || conversion === undefined) throw new Error('incomplete format');
	const end = start + all.length;
	const source = format.slice(percent, end);
	if (!'diouxXeEfFgGcrsa'.includes(conversion)) {
		throw new Error(unsupported(conversion, [...format.slice(0, end)].length - 1));
	}
	if (nameEnd === undefined) {
		throw new Error(`'${source}' does not name a field; write for instance '%(message)s'`);
	}
	if (width === '*' || precision === '*') {
		throw new Error(`'*' in '${source}' is not possible here; write the number`);
	}
	const style = {
		flags,
		width: parseColumns(width, 'width'),
		precision: precision === undefined ? undefined : parseColumns(precision, 'precision'),
		conversion,
	};
	const field = format.slice(percent + 2, nameEnd);
	return {piece: {field, source, render: value => render(value, style)}, end};
};

/** Names may hold balanced parentheses. */
const closingParenthesis = (format: string, opening: number): number => {
	let depth = 0;
	for (let index = opening; index < format.length; index++) {
		if (format[index] === '(') depth++;
		else if (format[index] === ')' && --depth === 0) return index;
	}
	throw new Error('incomplete format key');
};

const unsupported = (character: string, index: number): string => {
	const code = character.codePointAt(0) ?? 0;
	const shown = code > 31 && code < 127 ? character : '?';
	return `unsupported format character '${shown}' (0x${code.toString(16)}) at index ${index}`;
};

type Style = {
	readonly flags: string;
	readonly width: number;
	readonly precision: number | undefined;
	readonly conversion: string;
};

const render = (value: FieldValue, style: Style): string => {
	const {conversion, precision, flags, width} = style;
	if (conversion === 's' || conversion === 'r' || conversion === 'a') {
		const text = convertValue(value, conversion);
		const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
		return align(cut, {width, fill: ' ', side: flags.includes('-') ? '<' : '>'});
	}
	if (conversion === 'c') {
		if (value.type !== 'integer') throw new Error('%c requires int or char');
		const character = String.fromCodePoint(value.value);
		return align(character, {width, fill: ' ', side: flags.includes('-') ? '<' : '>'});
	}
	if (value.type === 'text' || value.type === 'object') {
		const type = value.type === 'text' ? 'text' : value.value;
		throw new Error(`%${conversion} format: a number is required, not ${type}; write 's'`);
	}
	if ('xXo'.includes(conversion) && value.type !== 'integer') {
		throw new Error(`%${conversion} format: an integer is required, not a float`);
	}
	return renderNumber(value.value, style);
};

const renderNumber = (value: number, {flags, width, precision, conversion}: Style): string => {
	const body = 'eEfFgG'.includes(conversion)
		? floatDigits(Math.abs(value), conversion, precision ?? 6, flags.includes('#'))
		: integerDigits(Math.abs(value), conversion).padStart(precision ?? 0, '0');
	const prefix = flags.includes('#') ? ({o: '0o', x: '0x', X: '0X'}[conversion] ?? '') : '';
	const isNegative = value < 0 && (body === '0' ? 'eEfFgG'.includes(conversion) : true);
	const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	const head = sign + prefix;
	if (flags.includes('-')) return (head + body).padEnd(width);
	return flags.includes('0')
		? head + body.padStart(width - head.length, '0')
		: (head + body).padStart(width);
};

const integerDigits = (value: number, conversion: string): string => {
	const text = BigInt(Math.trunc(value)).toString(
		conversion === 'o' ? 8 : conversion === 'x' || conversion === 'X' ? 16 : 10,
	);
	return conversion === 'X' ? text.toUpperCase() : text;
};

const floatDigits = (
	value: number,
	conversion: string,
	precision: number,
	keepsPoint: boolean,
): string => {
	const lower = conversion.toLowerCase();
	return formatFloat(value, {
		conversion: lower === 'e' || lower === 'f' ? lower : 'g',
		precision,
		keepsPoint,
	}).replace('e', conversion === 'E' || conversion === 'G' ? 'E' : 'e');
};
