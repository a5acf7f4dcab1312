import {closeSync, fstatSync, openSync, readFileSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {parsePasswd} from '../platform/passwd.js';
import type {Surroundings} from '../schema/datatypes.js';

/** What reading a configuration needs of the machine; tests give their own. Paths are absolute. */
export type FileSystem = {
	/** The whole file, or a system error. */
	readFile(path: string): Uint8Array;
	/** Hears of every file that was read as a configuration. */
	noteSource?(path: string, content: Uint8Array): void;
	isDirectory(path: string): boolean;
	exists(path: string): boolean;
	/** Home folder from the user database; undefined for an unknown user. */
	homeOf(user: string | undefined): string | undefined;
};

/** Beyond this a file is no configuration (`/dev/zero`, a log). */
const mostBytes = 16 * 1024 * 1024;

/** The file system of this machine. */
export const nodeFileSystem: FileSystem = {
	readFile(file) {
		const fd = openSync(file, 'r');
		try {
			return readWhole(fd, file);
		} finally {
			closeSync(fd);
		}
	},
	isDirectory: file => stat(file)?.isDirectory() ?? false,
	exists: file => stat(file) !== undefined,
	homeOf(user) {
		const uid = process.getuid?.();
		return parsePasswd(readFileSync('/etc/passwd', 'utf8')).find(account =>
			user === undefined ? account.uid === uid : account.name === user,
		)?.home;
	},
};

/** The same, as it was before folders went missing under a server that has read its conf. */
export const withAllFolders = (fileSystem: FileSystem): FileSystem => ({
	...fileSystem,
	isDirectory: () => true,
});

/** The same for who reads a conf more than once: a pipe has its text only once, and a file may change meanwhile. */
export const readingOnce = (fileSystem: FileSystem): FileSystem => {
	const contents = new Map<string, Uint8Array>();
	return {
		...fileSystem,
		readFile(file) {
			const content = contents.get(file) ?? fileSystem.readFile(file);
			contents.set(file, content);
			return content;
		},
	};
};

const readWhole = (fd: number, file: string): Uint8Array => {
	// Pipes and devices have no size, so read until the end in any case.
	const expected = fstatSync(fd).size;
	const chunks: Buffer[] = [];
	for (let total = 0; total <= mostBytes; ) {
		const chunk = Buffer.allocUnsafe(Math.min(expected, mostBytes) + 4096);
		const count = readSync(fd, chunk);
		if (count === 0) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
		chunks.push(chunk.subarray(0, count));
		total += count;
	}
	throw new Error(`larger than ${mostBytes} bytes: '${file}'`);
};

const stat = (file: string) => {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		// No access, a file in place of a folder, or a name that cannot be.
		return undefined;
	}
};

/** What datatypes may look at: relative paths count from `cwd`, `~` is `HOME`. */
export const surroundingsOf = (
	fileSystem: FileSystem,
	environment: Readonly<Record<string, string | undefined>>,
	cwd: string,
): Surroundings => ({
	isDirectory: file => file !== '' && fileSystem.isDirectory(absolute(file, cwd)),
	exists: file => file !== '' && fileSystem.exists(absolute(file, cwd)),
	homeOf: user =>
		(user === undefined ? environment['HOME'] : undefined) ?? accountHome(fileSystem, user),
});

const absolute = (file: string, cwd: string): string =>
	file.startsWith('/') ? file : path.resolve(cwd, file);

const accountHome = (fileSystem: FileSystem, user: string | undefined): string | undefined => {
	try {
		return fileSystem.homeOf(user);
	} catch {
		return undefined;
	}
};
