import {lstatSync, readlinkSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';

/** A database file of a server, by its real path. */
export type DataFile = {
	readonly file: string;
	/** Opened for reading only, so that several servers may have it. */
	readonly readOnly: boolean;
	/** Names of the file in the file system, 0 while it does not exist. */
	readonly links: number;
	/** Whether a folder stands in its place. */
	readonly isFolder: boolean;
};

/**
 * The database files of a server behind all symbolic links, each once, in the order in which everybody locks them.
 * A file whose folder does not exist is left out: the server itself will say so.
 */
export const findDataFiles = (
	storages: readonly {readonly path: string | undefined; readonly readOnly: boolean}[],
	directory: string,
): readonly DataFile[] => {
	const found = new Map<string, DataFile>();
	for (const {path: name, readOnly} of storages) {
		const file = name === undefined ? undefined : realPath(path.resolve(directory, name));
		if (file === undefined) continue;
		const other = found.get(file);
		const stats = statSync(file, {throwIfNoEntry: false});
		found.set(file, {
			file,
			readOnly: readOnly && (other?.readOnly ?? true),
			links: stats?.nlink ?? 0,
			isFolder: stats?.isDirectory() ?? false,
		});
	}
	return [...found.values()].sort((one, other) => (one.file < other.file ? -1 : 1));
};

/** As many links in a row as the kernel follows. */
const mostLinks = 40;

const realPath = (file: string, links = 0): string | undefined => {
	try {
		return realpathSync.native(file);
	} catch (error) {
		if (systemErrorCode(error) !== 'ENOENT' || links > mostLinks) return undefined;
	}
	try {
		const folder = realpathSync.native(path.dirname(file));
		const name = path.join(folder, path.basename(file));
		// A link to a file that is still to be made.
		return lstatSync(name, {throwIfNoEntry: false})?.isSymbolicLink()
			? realPath(path.resolve(folder, readlinkSync(name)), links + 1)
			: name;
	} catch {
		return undefined;
	}
};
