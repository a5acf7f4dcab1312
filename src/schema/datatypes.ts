import {renderPythonString} from '../platform/python-repr.js';
import {splitWords} from '../zconfig/python-text.js';
import {ConversionError} from './conversion-error.js';
import {parsePythonFloat, parsePythonInteger} from './numbers.js';

/** What a conversion may look at outside its text. */
export type Surroundings = {
	/** Relative paths count from the current folder. */
	isDirectory(path: string): boolean;
	exists(path: string): boolean;
	/** Home folder of a user, or of the caller; undefined when there is none. */
	homeOf(user: string | undefined): string | undefined;
};

/** Text to value, or a ConversionError. */
export type Datatype<T> = (text: string, surroundings: Surroundings) => T;

export const string: Datatype<string> = text => text;

export const stringList: Datatype<readonly string[]> = text => splitWords(text);

export const boolean: Datatype<boolean> = text => {
	const folded = text.toLowerCase();
	if (folded === 'yes' || folded === 'true' || folded === 'on') return true;
	if (folded === 'no' || folded === 'false' || folded === 'off') return false;
	throw new ConversionError(`not a valid boolean value: ${renderPythonString(text)}`);
};

/** Beyond 2^53 the nearest number is taken. */
export const integer: Datatype<number> = text => Number(parsePythonInteger(text, 10));

export const float: Datatype<number> = text => parsePythonFloat(text);

/** `022`, `22` and `0o22` are all 18. */
export const octal: Datatype<number> = text => Number(parsePythonInteger(text, 8));

/** `0, 2`; empty text is no number at all. */
export const integerList: Datatype<readonly number[]> = text =>
	text === '' ? [] : text.split(',').map(part => Number(parsePythonInteger(part, 10)));

/** An integer within bounds, both inclusive. */
export const integerBetween =
	(lowest: number, highest: number | undefined): Datatype<number> =>
	text => {
		const value = parsePythonInteger(text, 10);
		if (value < lowest) throw new ConversionError(`${value} is below lower bound (${lowest})`);
		if (highest !== undefined && value > highest) {
			throw new ConversionError(`${value} is above upper bound (${highest})`);
		}
		return Number(value);
	};

export const portNumber: Datatype<number> = integerBetween(0, 65535);

const withSuffix =
	(multipliers: Readonly<Record<string, number>>, width: number): Datatype<number> =>
	text => {
		const folded = text.toLowerCase();
		const multiplier = multipliers[folded.slice(-width)];
		return multiplier === undefined
			? Number(parsePythonInteger(folded, 10))
			: Number(parsePythonInteger(folded.slice(0, -width), 10)) * multiplier;
	};

/** Bytes; `KB`, `MB` and `GB` count by 1024. */
export const byteSize: Datatype<number> = withSuffix({kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3}, 2);

/** Seconds; `s`, `m`, `h` and `d` may follow. */
export const timeInterval: Datatype<number> = withSuffix({s: 1, m: 60, h: 3600, d: 86400}, 1);

const matching =
	(pattern: RegExp, reason: string): Datatype<string> =>
	text => {
		if (pattern.test(text)) return text;
		throw new ConversionError(`${reason}: ${renderPythonString(text)}`);
	};

const checkedKey = matching(/^[a-zA-Z][-._a-zA-Z0-9]*$/, 'value did not match regular expression');

/** The name of a key or type, folded to lower case. */
export const basicKey: Datatype<string> = (text, surroundings) =>
	checkedKey(text, surroundings).toLowerCase();

export const dottedName: Datatype<string> = matching(
	/^[_a-zA-Z][_a-zA-Z0-9]*(?:\.[_a-zA-Z][_a-zA-Z0-9]*)*$/,
	'not a valid dotted name',
);
