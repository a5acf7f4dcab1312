import {renderPythonString} from '../platform/python-repr.js';
import type {FieldValue} from './log-record.js';
import {floatText} from './python-number.js';

/** A format taken apart: literal text, and fields with the way to write their value. */
export type FormatPiece =
	| string
	| {
			readonly field: string;
			/** As it stands in the format; what an unknown field leaves in a record. */
			readonly source: string;
			/** Throws an Error that says why values of this type cannot be written so. */
			render(value: FieldValue): string;
	  };

/** The text of a value by Python's `str` (`s`), `repr` (`r`) or `ascii` (`a`). */
export const convertValue = (value: FieldValue, conversion: 's' | 'r' | 'a'): string => {
	switch (value.type) {
		case 'text':
			return conversion === 's' ? value.value : renderPythonString(value.value, conversion === 'a');
		case 'float':
			return floatText(value.value);
		default:
			return String(value.value);
	}
};

/** A width or precision as a number; a field wider than this would be a mistake that costs its bytes in every record. */
export const parseColumns = (digits: string, what: 'width' | 'precision'): number => {
	const columns = Number(digits);
	if (columns > 10_000) throw new Error(`${what} too big`);
	return columns;
};

/** Fills up to `width` characters (not UTF-16 units), as Python counts them. */
export const align = (
	text: string,
	{
		width,
		fill,
		side,
	}: {readonly width: number; readonly fill: string; readonly side: '<' | '>' | '^'},
): string => {
	const missing = width - [...text].length;
	if (missing <= 0) return text;
	const before = side === '<' ? 0 : side === '>' ? missing : Math.floor(missing / 2);
	return fill.repeat(before) + text + fill.repeat(missing - before);
};
