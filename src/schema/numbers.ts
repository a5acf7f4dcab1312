import {renderPythonString} from '../platform/python-repr.js';
import {ConversionError} from './conversion-error.js';

/** More digits than this are refused by Python since 3.11. */
const mostDigits = 4300;

/** Python's `int(text, base)`, at any size. */
export const parsePythonInteger = (text: string, base: 8 | 10): number | bigint =>
	parsePlainInteger(text, base) ?? parseAnyInteger(text, base);

/** A few plain digits: what nearly every number in a file is. */
const parsePlainInteger = (text: string, base: number): number | undefined => {
	const start = text.startsWith(' ') ? 1 : 0;
	if (text.length === start || text.length > 15) return undefined;
	let value = 0;
	for (let index = start; index < text.length; index++) {
		const digit = text.charCodeAt(index) - 0x30;
		if (digit < 0 || digit >= base) return undefined;
		value = value * base + digit;
	}
	return value;
};

const parseAnyInteger = (text: string, base: 8 | 10): bigint => {
	const match = /^([+-]?)(.*)$/s.exec(trimNumber(text));
	const [, sign = '', rest = ''] = match ?? [];
	const digits = base === 8 ? rest.replace(/^0[oO]_?(?=\d)/, '') : rest;
	const pattern = base === 8 ? /^[0-7]+(?:_[0-7]+)*$/ : /^[0-9]+(?:_[0-9]+)*$/;
	if (!pattern.test(digits)) {
		const shown = [...renderPythonString(text)].slice(0, 200).join('');
		throw new ConversionError(`invalid literal for int() with base ${base}: ${shown}`);
	}
	const plain = digits.replaceAll('_', '');
	if (base === 10 && plain.length > mostDigits) {
		throw new ConversionError(
			`Exceeds the limit (${mostDigits} digits) for integer string conversion: value has ` +
				`${plain.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
		);
	}
	const value = BigInt(base === 8 ? `0o${plain}` : plain);
	return sign === '-' ? -value : value;
};

/** Python's `float(text)`. */
export const parsePythonFloat = (text: string): number => {
	const trimmed = trimNumber(text);
	const match =
		/^([+-]?)(?:(inf(?:inity)?|nan)|((?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?))$/i.exec(
			trimmed,
		);
	const [, sign, word, decimal] = match ?? [];
	const isMisplaced = decimal !== undefined && /(?:^|\D)_|_(?:\D|$)|__/.test(decimal);
	if (match === null || isMisplaced) {
		throw new ConversionError(`could not convert string to float: ${renderPythonString(text)}`);
	}
	if (word?.toLowerCase() === 'nan') return Number.NaN;
	const size = word ? Number.POSITIVE_INFINITY : Number(decimal?.replaceAll('_', ''));
	return sign === '-' ? -size : size;
};

/** Blanks around a number may be of any kind beyond ASCII, digits too; within ASCII only C's white space counts. */
const trimNumber = (text: string): string => {
	const ascii = /[^\0-\x7f]/.test(text)
		? text
				.replace(/[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g, ' ')
				.replace(/\p{Nd}/gu, digitValue)
		: text;
	let start = 0;
	let end = ascii.length;
	while (start < end && isCSpace(ascii.charCodeAt(start))) start++;
	while (end > start && isCSpace(ascii.charCodeAt(end - 1))) end--;
	return ascii.slice(start, end);
};

const isCSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

/** Decimal digits come in runs of ten; the one after a non-digit is a zero. */
const digitValue = (digit: string): string => {
	const code = digit.codePointAt(0) ?? 0;
	for (let value = 0; value < 10; value++) {
		if (!/^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) return String(value);
	}
	// Two runs of ten side by side (mathematical digits begin at U+1D7CE) share no gap.
	return String((code - 0x1d7ce) % 10);
};
