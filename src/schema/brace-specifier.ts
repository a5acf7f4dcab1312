import {align, convertValue, parseColumns} from './format-piece.js';
import type {FieldValue} from './log-record.js';
import {floatText, formatFloat} from './python-number.js';

type Specifier = {
	readonly fill: string;
	readonly side: string | undefined;
	readonly sign: string | undefined;
	readonly coercesZero: boolean;
	readonly isAlternate: boolean;
	readonly zeroPads: boolean;
	readonly width: number;
	readonly grouping: string | undefined;
	readonly precision: number | undefined;
	readonly type: string | undefined;
};

const grammar = /^(?:(.)([<>=^])|([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

/** What stands after the colon of `{name:...}`, by Python's format specification; the result throws for a type it does not fit. */
export const compileSpecifier = (source: string): ((value: FieldValue) => string) => {
	const match = grammar.exec(source);
	if (match === null) throw new Error(`Invalid format specifier '${source}'`);
	const [, fill, side, sideAlone, sign, z, alternate, zero, width = '', grouping, precision, type] =
		match;
	const specifier: Specifier = {
		fill: fill ?? (zero === undefined ? ' ' : '0'),
		side: side ?? sideAlone,
		sign,
		coercesZero: z !== undefined,
		isAlternate: alternate !== undefined,
		zeroPads: zero !== undefined && fill === undefined,
		width: parseColumns(width, 'width'),
		grouping,
		precision: precision === undefined ? undefined : parseColumns(precision, 'precision'),
		type,
	};
	return value => {
		switch (value.type) {
			case 'text':
				return formatText(value.value, specifier);
			case 'integer':
				return formatInteger(value.value, specifier);
			case 'float':
				return formatReal(value.value, specifier, 'float');
			default:
				if (source !== '') {
					throw new Error(
						`unsupported format string passed to ${value.value}; write '!s' before it`,
					);
				}
				return convertValue(value, 's');
		}
	};
};

const formatText = (text: string, specifier: Specifier): string => {
	const {type, fill, side, width, precision} = specifier;
	if (type !== undefined && type !== 's') throw unknownCode(type, 'str');
	refuse(specifier.sign, 'Sign not allowed in string format specifier');
	refuse(
		specifier.coercesZero,
		'Negative zero coercion (z) not allowed in string format specifier',
	);
	refuse(specifier.isAlternate, 'Alternate form (#) not allowed in string format specifier');
	refuse(specifier.grouping, `Cannot specify '${specifier.grouping}' with 's'.`);
	refuse(side === '=', "'=' alignment not allowed in string format specifier");
	const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
	return align(cut, {width, fill, side: side === '>' || side === '^' ? side : '<'});
};

const formatInteger = (value: number, specifier: Specifier): string => {
	const {type = 'd', precision, isAlternate, grouping, sign} = specifier;
	if ('eEfFgG%'.includes(type)) return formatReal(value, specifier, 'int');
	const radix = {b: 2, o: 8, d: 10, n: 10, x: 16, X: 16, c: 10}[type];
	if (radix === undefined) throw unknownCode(type, 'int');
	refuse(precision !== undefined, 'Precision not allowed in integer format specifier');
	refuse(
		specifier.coercesZero,
		'Negative zero coercion (z) not allowed in integer format specifier',
	);
	const groups = radix === 10 ? type === 'd' : grouping === '_';
	refuse(grouping !== undefined && !groups, `Cannot specify '${grouping}' with '${type}'.`);
	if (type === 'c') {
		refuse(sign, "Sign not allowed with integer format specifier 'c'");
		refuse(isAlternate, "Alternate form (#) not allowed with integer format specifier 'c'");
		return layOut({sign: '', digits: String.fromCodePoint(value), rest: ''}, specifier, 3);
	}
	const digits = BigInt(Math.abs(value)).toString(radix);
	const prefix = isAlternate && radix !== 10 ? `0${type}` : '';
	const body = {
		sign: signOf(value < 0, sign) + prefix,
		digits: type === 'X' ? digits.toUpperCase() : digits,
		rest: '',
	};
	return layOut(body, specifier, radix === 10 ? 3 : 4);
};

const formatReal = (value: number, specifier: Specifier, pythonType: 'int' | 'float'): string => {
	const {type, sign, grouping} = specifier;
	if (type !== undefined && !'eEfFgGn%'.includes(type)) throw unknownCode(type, pythonType);
	refuse(type === 'n' && grouping !== undefined, `Cannot specify '${grouping}' with 'n'.`);
	const text = realDigits(Math.abs(type === '%' ? value * 100 : value), specifier);
	const digits = /^\d+/.exec(text)?.[0] ?? '';
	const isZero = specifier.coercesZero && !/[1-9]/.test(text.replace(/e.*/i, ''));
	const body = {
		sign: signOf(value < 0 && !isZero, sign),
		digits,
		rest: text.slice(digits.length) + (type === '%' ? '%' : ''),
	};
	return layOut(body, specifier, 3);
};

const realDigits = (value: number, {type, precision, isAlternate}: Specifier): string => {
	if (type === undefined && precision === undefined) return floatText(value);
	const conversion = type === undefined ? 'r' : type === '%' ? 'f' : type.toLowerCase();
	const text = formatFloat(value, {
		conversion: conversion === 'e' || conversion === 'f' || conversion === 'r' ? conversion : 'g',
		precision: precision ?? 6,
		keepsPoint: isAlternate,
	});
	return type === 'E' || type === 'G' ? text.toUpperCase() : text;
};

const signOf = (isNegative: boolean, sign: string | undefined): string =>
	isNegative ? '-' : sign === '+' || sign === ' ' ? sign : '';

/** Groups, pads and aligns; zeros between sign and digits are grouped too. */
const layOut = (
	body: {readonly sign: string; readonly digits: string; readonly rest: string},
	{fill, side, zeroPads, width, grouping = ''}: Specifier,
	groupSize: number,
): string => {
	const {sign, rest} = body;
	const place = side ?? (zeroPads ? '=' : '>');
	if (place !== '=') {
		const text = sign + group(body.digits, grouping, groupSize) + rest;
		return align(text, {width, fill, side: place === '<' || place === '^' ? place : '>'});
	}
	const room = width - sign.length - rest.length;
	if (fill === '0')
		return (
			sign + group(padGrouped(body.digits, room, grouping, groupSize), grouping, groupSize) + rest
		);
	return (
		sign + align(group(body.digits, grouping, groupSize), {width: room, fill, side: '>'}) + rest
	);
};

const group = (digits: string, separator: string, size: number): string => {
	if (separator === '') return digits;
	const head = digits.length % size || size;
	const rest = digits.slice(head).match(new RegExp(`.{${size}}`, 'gs')) ?? [];
	return [digits.slice(0, head), ...rest].join(separator);
};

/** Zeros before the digits, so many that they fill the room once separators stand between them. */
const padGrouped = (digits: string, room: number, separator: string, size: number): string => {
	if (separator === '') return digits.padStart(room, '0');
	let count = digits.length;
	while (count + Math.floor((count - 1) / size) < room) count++;
	return digits.padStart(count, '0');
};

const unknownCode = (code: string, type: string): Error =>
	new Error(`Unknown format code '${code}' for object of type '${type}'`);

const refuse = (condition: string | boolean | undefined, message: string): void => {
	if (condition !== undefined && condition !== false) throw new Error(message);
};
