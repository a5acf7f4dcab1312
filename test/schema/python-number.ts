import test from 'ava';
import {floatText, formatFloat} from '../../src/schema/python-number.js';

const isWritten = test.macro({
	exec(t, value: number, expected: string) {
		t.is(floatText(value), expected);
	},
	title: (_, value, expected) => `${value} is the float ${expected}`,
});

test(isWritten, 0, '0.0');
test(isWritten, 1, '1.0');
test(isWritten, -2.5, '-2.5');
test(isWritten, 0.0001, '0.0001');
test(isWritten, 0.00001, '1e-05');
test(isWritten, 123_456_789.25, '123456789.25');
test(isWritten, 1e15, '1000000000000000.0');
test(isWritten, 1e16, '1e+16');
test(isWritten, 1.5e300, '1.5e+300');

const isFormatted = test.macro({
	exec(t, value: number, style: string, expected: string) {
		const [, sharp, precision, conversion] = /^%(#?)\.(\d+)([efg])$/.exec(style) ?? [];
		t.is(
			formatFloat(value, {
				conversion: conversion === 'e' || conversion === 'f' ? conversion : 'g',
				precision: Number(precision),
				keepsPoint: sharp === '#',
			}),
			expected,
		);
	},
	title: (_, value, style, expected) => `${value} by ${style} is ${expected}`,
});

test(isFormatted, 0.5, '%.0f', '0');
test(isFormatted, 1.5, '%.0f', '2');
test(isFormatted, 2.5, '%.0f', '2');
test(isFormatted, 0.125, '%.2f', '0.12');
test(isFormatted, 0.15, '%.1f', '0.1');
test(isFormatted, 9.5, '%.0e', '1e+01');
test(isFormatted, 99_999.5, '%.5g', '1e+05');
test(isFormatted, 1.5, '%.30f', '1.500000000000000000000000000000');
test(isFormatted, 2, '%#.0f', '2.');
test(isFormatted, 2, '%#.3g', '2.00');
test(isFormatted, 0.0001, '%.6g', '0.0001');
test(isFormatted, 1e-7, '%.2f', '0.00');
