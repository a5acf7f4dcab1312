import {fstatSync, readSync} from 'node:fs';
import type {ByteReader} from './data-file.js';

const windowLength = 256 * 1024;

/** Reads small pieces of an open file from one window of it, for whoever goes through it in order. The size is that of now. */
export const bufferedReader = (descriptor: number): ByteReader => {
	const {size} = fstatSync(descriptor);
	const window = Buffer.allocUnsafe(windowLength);
	let from = 0;
	let length = 0;
	const fill = (position: number): void => {
		from = position;
		length = 0;
		while (length < windowLength) {
			const more = readSync(descriptor, window, length, windowLength - length, position + length);
			if (more === 0) break;
			length += more;
		}
	};
	return {
		size,
		read(position, wanted) {
			const isInside = position >= from && position + wanted <= from + length;
			if (!isInside) fill(position);
			const offset = position - from;
			return Buffer.from(window.subarray(offset, Math.min(offset + wanted, length)));
		},
	};
};
