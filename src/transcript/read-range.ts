import fs from 'node:fs';

/** The bytes `start` to `end` of an open file, fewer when it is shorter. Its position is not used. */
export const readRange = (descriptor: number, start: number, end: number): Buffer => {
	const content = Buffer.alloc(Math.max(0, end - start));
	let length = 0;
	while (length < content.length) {
		const count = fs.readSync(descriptor, content, length, content.length - length, start + length);
		if (count === 0) break;
		length += count;
	}
	return content.subarray(0, length);
};
