/**
 * How to write a number: the letter of Python's conversion (`r` is `{:.3}`, a `g` that always looks like a float),
 * its precision, and `#` (keep the point).
 */
type FloatStyle = {
	readonly conversion: 'e' | 'f' | 'g' | 'r';
	readonly precision: number;
	readonly keepsPoint: boolean;
};

/** A float as Python's `repr` has it: shortest digits, always with a point or an exponent (`1.0`, `1e+16`). */
export const floatText = (value: number): string => {
	const {digits, exponent} = decimalOf(value.toExponential());
	const text =
		exponent < -4 || exponent >= 16
			? exponential(digits, exponent, false)
			: fixed(digits, exponent, Math.max(1, digits.length - 1 - exponent), false);
	return sign(value) + text;
};

/** A float by `%e`, `%f` or `%g`; halves go to the even digit, as in C (toFixed rounds them up). */
export const formatFloat = (value: number, style: FloatStyle): string => {
	const exact = decimalOf(Math.abs(value).toExponential(100));
	const {conversion, precision, keepsPoint} = style;
	if (conversion === 'f') {
		const {digits, exponent} = round(exact, exact.exponent + 1 + precision);
		return sign(value) + fixed(digits, exponent, precision, keepsPoint);
	}
	if (conversion === 'e') {
		const {digits, exponent} = round(exact, precision + 1);
		return sign(value) + exponential(digits.padEnd(precision + 1, '0'), exponent, keepsPoint);
	}
	return sign(value) + formatGeneral(exact, style);
};

const formatGeneral = (exact: Decimal, {conversion, precision, keepsPoint}: FloatStyle): string => {
	const significant = Math.max(precision, 1);
	const {digits, exponent} = round(exact, significant);
	const kept = keepsPoint ? digits.padEnd(significant, '0') : digits.replace(/(?!^)0+$/, '');
	const isFloat = conversion === 'r';
	if (exponent < -4 || exponent >= significant - (isFloat ? 1 : 0)) {
		return exponential(kept, exponent, keepsPoint);
	}
	const places = Math.max(isFloat ? 1 : 0, kept.length - 1 - exponent);
	return fixed(kept, exponent, places, keepsPoint);
};

/** `digits` with a point after the first, times ten to the power of `exponent`. */
type Decimal = {readonly digits: string; readonly exponent: number};

const decimalOf = (exponential: string): Decimal => {
	const [mantissa = '', exponent = '0'] = exponential.replace('-', '').split(/e/);
	const negative = /e-/.test(exponential);
	return {
		digits: mantissa.replace('.', ''),
		exponent: Math.abs(Number(exponent)) * (negative ? -1 : 1),
	};
};

const sign = (value: number): string => (value < 0 ? '-' : '');

/** The first `count` digits, rounded; `count` below one leaves 0 or a single digit one place higher. */
const round = ({digits, exponent}: Decimal, count: number): Decimal => {
	if (count >= digits.length) return {digits, exponent};
	if (count < 0) return {digits: '0', exponent: 0};
	const kept = digits.slice(0, count);
	const rest = digits.slice(count);
	const isTie = /^50*$/.test(rest);
	const isUp = isTie ? Number(kept.at(-1) ?? 0) % 2 === 1 : rest >= '5';
	if (!isUp) return count === 0 ? {digits: '0', exponent: 0} : {digits: kept, exponent};
	const raised = (BigInt(`0${kept}`) + 1n).toString().padStart(count, '0');
	return {digits: raised.slice(0, count || 1), exponent: exponent + raised.length - count};
};

const fixed = (digits: string, exponent: number, places: number, keepsPoint: boolean): string => {
	const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits;
	const point = Math.max(exponent, 0) + 1;
	const whole = padded.slice(0, point).padEnd(point, '0');
	const fraction = padded.slice(point, point + places).padEnd(places, '0');
	return places === 0 && !keepsPoint ? whole : `${whole}.${fraction}`;
};

const exponential = (digits: string, exponent: number, keepsPoint: boolean): string => {
	const fraction = digits.slice(1);
	const point = fraction === '' && !keepsPoint ? '' : '.';
	const power = String(Math.abs(exponent)).padStart(2, '0');
	return `${digits[0]}${point}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
};
