import {compileSpecifier} from './brace-specifier.js';
import {convertValue, type FormatPiece} from './format-piece.js';
import type {FieldValue} from './log-record.js';

/** Python's `str.format`: `{name}`, `{name!r}`, `{name:>10}`, `{{`, `}}`, with its messages. */
export const parseBraceFormat = (format: string): FormatPiece[] => {
	const pieces: FormatPiece[] = [];
	let position = 0;
	for (;;) {
		const length = format.slice(position).search(/[{}]/);
		if (length === -1) return [...pieces, format.slice(position)];
		const brace = position + length;
		const character = format.charAt(brace);
		pieces.push(format.slice(position, brace));
		if (format[brace + 1] === character) {
			pieces.push(character);
			position = brace + 2;
		} else if (character === '}' || brace + 1 === format.length) {
			throw new Error(`Single '${character}' encountered in format string`);
		} else {
			const end = fieldEnd(format, brace + 1);
			pieces.push(parseField(format.slice(brace, end)));
			position = end;
		}
	}
};

/** The index after the closing brace. Square brackets hide what is between them, as in Python. */
const fieldEnd = (format: string, start: number): number => {
	const name = /^(?:[^[{}:!]|\[[^\]]*\]?)*/.exec(format.slice(start))?.[0] ?? '';
	const index = start + name.length;
	switch (format[index]) {
		case '}':
			return index + 1;
		case '{':
			throw new Error("unexpected '{' in field name");
		case '!':
			return conversionEnd(format, index);
		case ':':
			return specifierEnd(format, index + 1);
		default:
			throw new Error("expected '}' before end of string");
	}
};

const conversionEnd = (format: string, mark: number): number => {
	if (mark + 1 === format.length) {
		throw new Error('end of string while looking for conversion specifier');
	}
	const next = format[mark + 2];
	if (next === '}') return mark + 3;
	if (next !== undefined && next !== ':') {
		throw new Error("expected ':' after conversion specifier");
	}
	return specifierEnd(format, mark + 3);
};

const specifierEnd = (format: string, start: number): number => {
	let depth = 1;
	for (let index = start; index < format.length; index++) {
		if (format[index] === '{') depth++;
		else if (format[index] === '}' && --depth === 0) return index + 1;
	}
	throw new Error("unmatched '{' in format spec");
};

const parseField = (source: string): FormatPiece => {
	const [, field = '', conversion, specifier = ''] =
		/^\{((?:[^[:!]|\[[^\]]*\]?)*?)(?:!(.))?(?::(.*))?\}$/su.exec(source) ?? [];
	if (field === '' || /^\d+(?:[.[]|$)/.test(field)) {
		throw new Error('format formats cannot use positional placeholders');
	}
	if (/[.[]/.test(field)) {
		throw new Error(`'${source}' reaches into a field; only whole fields can be written`);
	}
	if (/[{}]/.test(specifier)) {
		throw new Error(`'${source}' has a field in its width; write the number`);
	}
	if (conversion !== undefined && !isConversion(conversion)) {
		throw new Error(`Unknown conversion specifier ${conversion}`);
	}
	const write = compileSpecifier(specifier);
	const convert = (value: FieldValue): FieldValue =>
		conversion === undefined ? value : {type: 'text', value: convertValue(value, conversion)};
	return {field, source, render: value => write(convert(value))};
};

const isConversion = (letter: string): letter is 's' | 'r' | 'a' => 'sra'.includes(letter);
