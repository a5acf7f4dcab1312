import fs from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {openFileWatch} from './file-watch.js';
import {type FollowedFile, followDescriptor} from './followed-file.js';
import {findLastLines, type LastLinesOptions} from './last-lines.js';
import {readRange} from './read-range.js';

/**
 * The last lines of a file of any size, as they stand there, read backwards from its end. Throws the error of the
 * operating system when the file cannot be read.
 */
export const readLastLines = (source: string | number, options: LastLinesOptions): Buffer => {
	const descriptor = typeof source === 'number' ? source : fs.openSync(source, 'r');
	try {
		const {start, end} = findLastLines(descriptor, options);
		return readRange(descriptor, start, end);
	} finally {
		if (typeof source === 'string') fs.closeSync(descriptor);
	}
};

/** How to follow a file. */
export type FollowOptions = {
	/** Ends the following. */
	readonly signal: AbortSignal;
	/** How many of the lines that are there already come first. */
	readonly lines: number;
	/** Takes the output, in order; the next piece is read when it is done. `EPIPE` ends the following quietly. */
	readonly write: (chunk: Buffer) => void | Promise<void>;
	/** Written when the file was emptied or shortened. */
	readonly truncatedNotice: string;
};

/**
 * Hands on the last lines of a file and then whatever is written to its name: across renames, truncation and
 * removal of its head, also if it does not exist yet. Driven by events; nothing wakes up while nothing is written.
 * Resolves when the signal aborts or the reader is gone.
 */
export const followFile = async (name: string, options: FollowOptions): Promise<void> => {
	const {signal, lines} = options;
	const file = path.resolve(name);
	const watch = openFileWatch(signal);
	let followed = open(file, options, lines);
	try {
		while (!signal.aborted) {
			await followed?.drain();
			const next = isReplaced(file, followed) ? openSuccessor(file, options) : undefined;
			if (next !== undefined) {
				await followed?.drain();
				followed?.close();
				followed = next;
				watch.watch({});
			}
			if (watch.watch(targets(file, followed))) continue;
			if (next === undefined) await watch.wait();
		}
	} catch (error) {
		if (systemErrorCode(error) !== 'EPIPE') throw error;
	} finally {
		followed?.close();
		watch.close();
	}
};

const open = (
	file: string,
	sink: FollowOptions,
	lines: number | undefined,
): FollowedFile | undefined => {
	if (!statOrUndefined(file)?.isFile()) return undefined;
	const descriptor = fs.openSync(file, 'r');
	const start = lines === undefined ? 0 : findLastLines(descriptor, {lines}).start;
	return followDescriptor(descriptor, {file, start, sink});
};

// One that may not be read yet is looked at again when it changes.
const openSuccessor = (file: string, sink: FollowOptions): FollowedFile | undefined => {
	try {
		return open(file, sink, undefined);
	} catch {
		return undefined;
	}
};

// An empty file has nothing to say, and a reopened transcript may yet take its place.
const isReplaced = (file: string, followed: FollowedFile | undefined): boolean => {
	const stats = statOrUndefined(file);
	if (stats === undefined || stats.size === 0) return false;
	return stats.ino !== followed?.inode || stats.dev !== followed.device;
};

// The folder only while the name leads elsewhere, or may be turned elsewhere without a trace in the file.
const targets = (file: string, followed: FollowedFile | undefined) => {
	if (followed === undefined) return {file};
	const {descriptor} = followed;
	const isLink = fs.lstatSync(file, {throwIfNoEntry: false})?.isSymbolicLink() ?? false;
	const isThere = statOrUndefined(file)?.ino === followed.inode;
	return isThere && !isLink ? {descriptor} : {descriptor, file};
};

const statOrUndefined = (file: string): fs.Stats | undefined => {
	try {
		return fs.statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};
