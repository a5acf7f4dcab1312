import fs from 'node:fs';
import path from 'node:path';
import {isInMemory} from './file-system.js';
import {pathOfDescriptor} from './live-file.js';
import {explainWriteFailure} from './write-failure.js';

const {O_APPEND, O_CREAT, O_NOCTTY, O_NOFOLLOW, O_WRONLY} = fs.constants;

type Written = {readonly written: number; readonly failure?: string};

/** A log file that is written by us, found again by its name, and never in the way of whoever writes. */
export type LogSink = {
	readonly descriptor: number;
	/** Else it is a device or a pipe, which cannot be rotated. */
	readonly isFile: boolean;
	/** Bytes in the file. */
	size(): number;
	/** Whether the last byte ends a line; true for an empty file. */
	isAtLineStart(): boolean;
	/** Appends; resolves to how many bytes of it were written. Fewer than all is no failure: the next write tells. */
	write(pieces: readonly Buffer[]): Promise<Written>;
	/** Opens the file by its name, new if it is not there. Returns why it could not; the old one stays in use then. */
	reopen(options?: {readonly follow: boolean}): string | undefined;
	/** Whether the name leads to this very file, to another, or to none. */
	place(): 'here' | 'elsewhere' | 'nowhere';
	/** Whether the file has a name at all. */
	isDeleted(): boolean;
	close(): void;
};

/** Takes over an open descriptor of `file`. */
export const openLogSink = (file: string, first: number): LogSink => {
	let descriptor = first;
	const stats = fs.fstatSync(first);
	let size = stats.size;
	let endsLine = stats.size === 0 || !stats.isFile() || lastByte(file, stats.size) === newline;
	const {mode} = stats;
	// A pipe or a device waits for its reader, wherever its name lies.
	let isMemory = stats.isFile() && isInMemory(pathOfDescriptor(first));

	const account = (pieces: readonly Buffer[], written: number): Written => {
		size += written;
		if (written > 0) endsLine = byteAt(pieces, written - 1) === newline;
		return {written};
	};

	const writeNow = (pieces: readonly Buffer[]): Written => {
		try {
			return account(pieces, fs.writevSync(descriptor, pieces));
		} catch (error) {
			return {written: 0, failure: explainWriteFailure(error)};
		}
	};

	// A disk may hang, and whoever waits for it: another thread, not we.
	const writeAside = (pieces: readonly Buffer[]): Promise<Written> =>
		new Promise(resolve => {
			fs.writev(descriptor, pieces, (error, count = 0) =>
				resolve(error ? {written: 0, failure: explainWriteFailure(error)} : account(pieces, count)),
			);
		});

	return {
		get descriptor() {
			return descriptor;
		},
		isFile: stats.isFile(),
		size: () => size,
		isAtLineStart: () => endsLine,
		write: async pieces => (isMemory ? writeNow(pieces) : writeAside(pieces)),
		reopen({follow} = {follow: true}) {
			try {
				const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
				const next = fs.openSync(file, flags, mode & 0o777);
				const found = fs.fstatSync(next);
				if (!found.isFile()) {
					fs.closeSync(next);
					return 'it is not a regular file';
				}
				fs.closeSync(descriptor);
				descriptor = next;
				isMemory = isInMemory(pathOfDescriptor(next));
				size = found.size;
				endsLine = size === 0 || lastByte(file, size) === newline;
				return undefined;
			} catch (error) {
				return explainWriteFailure(error);
			}
		},
		place() {
			const own = fs.fstatSync(descriptor);
			const named = statOrUndefined(file);
			if (named === undefined) return 'nowhere';
			return named.ino === own.ino && named.dev === own.dev ? 'here' : 'elsewhere';
		},
		isDeleted: () => fs.fstatSync(descriptor).nlink === 0,
		close: () => fs.closeSync(descriptor),
	};
};

const newline = 0x0a;

const byteAt = (pieces: readonly Buffer[], index: number): number | undefined => {
	let left = index;
	for (const piece of pieces) {
		if (left < piece.length) return piece[left];
		left -= piece.length;
	}
	return undefined;
};

const lastByte = (file: string, size: number): number | undefined => {
	try {
		const descriptor = fs.openSync(file, 'r');
		try {
			const byte = Buffer.alloc(1);
			fs.readSync(descriptor, byte, 0, 1, size - 1);
			return byte[0];
		} finally {
			fs.closeSync(descriptor);
		}
	} catch {
		return newline;
	}
};

const statOrUndefined = (file: string): fs.Stats | undefined => {
	try {
		return fs.statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};

/** Moves `NAME` to `NAME.1`, and the older ones on; `NAME` is free then. */
export const renameAside = (
	file: string,
	plan: {
		readonly removals: readonly string[];
		readonly renames: readonly {readonly from: string; readonly to: string}[];
		readonly target: string;
	},
): string => {
	const folder = path.dirname(file);
	for (const entry of plan.removals) fs.rmSync(path.join(folder, entry), {force: true});
	for (const {from, to} of plan.renames) {
		fs.renameSync(path.join(folder, from), path.join(folder, to));
	}
	const target = path.join(folder, plan.target);
	fs.renameSync(file, target);
	return target;
};
