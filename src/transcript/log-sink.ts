import fs from 'node:fs';
import {open, stat} from 'node:fs/promises';
import {promisify} from 'node:util';
import {isInMemory} from './file-system.js';
import {pathOfDescriptor} from './live-file.js';
import {explainWriteFailure} from './write-failure.js';

const {O_APPEND, O_CREAT, O_NOCTTY, O_NOFOLLOW, O_WRONLY} = fs.constants;
const openDescriptor = promisify(fs.open);
const closeDescriptor = promisify(fs.close);
const statDescriptor = promisify(fs.fstat);

type Written = {readonly written: number; readonly failure?: string};

/**
 * A log file that is written by us, found again by its name, and never in the way of whoever writes. A disk may hang, and
 * whoever waits for it: other threads, not the one that calls.
 */
export type LogSink = {
	/** Else it is a device or a pipe, which cannot be rotated. */
	readonly isFile: boolean;
	/** Bytes in the file. */
	size(): number;
	/** When the file was made, in Unix milliseconds. */
	madeAt(): number;
	/** Whether the last byte ends a line; true for an empty file. */
	isAtLineStart(): boolean;
	/** Appends; resolves to how many bytes of it were written. Fewer than all is no failure: the next write tells. */
	write(pieces: readonly Buffer[]): Promise<Written>;
	/** Opens the file by its name, new if it is not there. Returns why it could not; the old one stays in use then. */
	reopen(options?: {readonly follow: boolean}): Promise<string | undefined>;
	/** Whether the name leads to this very file, to another, or to none. */
	place(): Promise<'here' | 'elsewhere' | 'nowhere'>;
	/** Whether the file has a name at all. */
	isDeleted(): Promise<boolean>;
	close(): Promise<void>;
};

/** Takes over an open descriptor of `file`. */
export const openLogSink = async (file: string, first: number): Promise<LogSink> => {
	let descriptor = first;
	const stats = await statDescriptor(first);
	let {size, birthtimeMs: madeAt} = stats;
	let endsLine = size === 0 || !stats.isFile() || (await lastByte(file, size)) === newline;
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

	const writeAside = (pieces: readonly Buffer[]): Promise<Written> =>
		new Promise(resolve => {
			fs.writev(descriptor, pieces, (error, count = 0) =>
				resolve(error ? {written: 0, failure: explainWriteFailure(error)} : account(pieces, count)),
			);
		});

	return {
		isFile: stats.isFile(),
		size: () => size,
		madeAt: () => madeAt,
		isAtLineStart: () => endsLine,
		write: async pieces => (isMemory ? writeNow(pieces) : writeAside(pieces)),
		async reopen({follow} = {follow: true}) {
			try {
				const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
				const next = await openDescriptor(file, flags, mode & 0o777);
				const found = await statDescriptor(next);
				if (!found.isFile()) {
					await closeDescriptor(next);
					return 'it is not a regular file';
				}
				const former = descriptor;
				descriptor = next;
				isMemory = isInMemory(pathOfDescriptor(next));
				({size, birthtimeMs: madeAt} = found);
				endsLine = size === 0 || (await lastByte(file, size)) === newline;
				await closeDescriptor(former);
				return undefined;
			} catch (error) {
				return explainWriteFailure(error);
			}
		},
		async place() {
			const own = await statDescriptor(descriptor);
			const named = await stat(file).catch(() => undefined);
			if (named === undefined) return 'nowhere';
			return named.ino === own.ino && named.dev === own.dev ? 'here' : 'elsewhere';
		},
		isDeleted: async () => (await statDescriptor(descriptor)).nlink === 0,
		close: () => closeDescriptor(descriptor),
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

const lastByte = async (file: string, size: number): Promise<number | undefined> => {
	try {
		const handle = await open(file, 'r');
		try {
			const byte = Buffer.alloc(1);
			await handle.read(byte, 0, 1, size - 1);
			return byte[0];
		} finally {
			await handle.close();
		}
	} catch {
		return newline;
	}
};
