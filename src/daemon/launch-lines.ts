import {readSync} from 'node:fs';
import {fields, parseStatus} from '../control/json-values.js';
import type {Status} from '../control/messages.js';
import type {LaunchOrder} from '../supervisor/report.js';

/** Waits, and lets nothing else happen, for the order of a launcher or of a predecessor. Throws when that has gone. */
export const readLaunchOrder = (descriptor: number): LaunchOrder =>
	// Made by zeoctl of the same version.
	JSON.parse(readLine(descriptor)) as LaunchOrder;

/** Waits likewise for the word of a predecessor, which may be of another version, to take over: its last status. */
export const readGo = (descriptor: number): Status => {
	const status = parseStatus(fields(JSON.parse(readLine(descriptor)))?.['go']);
	if (status === undefined) throw new Error('the predecessor tells a status that cannot be read');
	return status;
};

const readLine = (descriptor: number): string => {
	const pieces: Buffer[] = [];
	const piece = Buffer.alloc(65_536);
	for (;;) {
		const length = readSync(descriptor, piece);
		if (length === 0) throw new Error('whoever started this supervisor has gone');
		pieces.push(Buffer.from(piece.subarray(0, length)));
		if (piece[length - 1] === 10) return Buffer.concat(pieces).toString();
	}
};
