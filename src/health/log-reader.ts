import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {noPacks, type OpenPacks, readPackLines} from './pack-log.js';

/** Reads on in the log of a server, and remembers which packs it says are under way. Never throws. */
export type LogReader = {
	read(file: string): OpenPacks;
};

/** Of what was written since the last look, at most this much of the end is read. In bytes. */
const mostBytes = 256 * 1024;

export const createLogReader = (): LogReader => {
	let identity = '';
	let position = 0;
	let rest = '';
	let packs = noPacks;
	return {
		read(file) {
			const piece = readPiece(file, identity, position);
			if (piece === undefined) return packs;
			if (piece.isFirst) rest = '';
			identity = piece.identity;
			position = piece.end;
			const lines = (rest + piece.text).split('\n');
			rest = (lines.pop() ?? '').slice(-1000);
			packs = readPackLines(packs, lines);
			return packs;
		},
	};
};

type Piece = {
	readonly identity: string;
	readonly end: number;
	readonly text: string;
	/** The text does not continue the one before. */
	readonly isFirst: boolean;
};

const readPiece = (file: string, identity: string, position: number): Piece | undefined => {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const stat = fstatSync(descriptor);
			if (!stat.isFile()) return undefined;
			const present = `${stat.dev}:${stat.ino}`;
			// A file that is shorter than before was cut: rotated in place.
			const continues = present === identity && stat.size >= position;
			const from = Math.max(continues ? position : 0, stat.size - mostBytes);
			const buffer = Buffer.alloc(stat.size - from);
			const length = readSync(descriptor, buffer, 0, buffer.length, from);
			const isFirst = !continues || from !== position;
			const text = buffer.toString('latin1', 0, length);
			return {identity: present, end: from + length, text, isFirst};
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return undefined;
	}
};
