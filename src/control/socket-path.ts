import {closeSync, constants, openSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import {ZeoctlError} from '../platform/errors.js';

/** Bytes of a path that fit into a Unix socket address; Node cuts longer ones without a word. */
export const longestSocketPath = 107;

// Linux's O_PATH, which Node does not name: a descriptor that only stands for the folder.
const onlyPath = 0o10000000;

/** Opens a folder for use in `folderPath`; needs the right to pass through it, not to list it. */
export const openFolder = (path: string): number =>
	openSync(path, onlyPath | constants.O_DIRECTORY);

/** The short path of a name in an open folder. */
export const pathInFolder = (folder: number, name: string): string =>
	`/proc/self/fd/${folder}/${name}`;

/** An address for a socket path of any length, to be closed once it has been used. */
export const openSocketAddress = (path: string): {readonly address: string; close(): void} => {
	if (Buffer.byteLength(path) <= longestSocketPath) return {address: path, close() {}};
	const folder = openFolder(dirname(path));
	const close = (): void => closeSync(folder);
	try {
		return {address: fitting(path, pathInFolder(folder, basename(path))), close};
	} catch (error) {
		close();
		throw error;
	}
};

/** Where a supervisor listens before its socket gets its name. Throws where that is too long. */
export const temporaryAddress = (path: string, folder: number): string =>
	fitting(path, pathInFolder(folder, `${basename(path)}.${process.pid}`));

const fitting = (path: string, address: string): string => {
	if (Buffer.byteLength(address) <= longestSocketPath) return address;
	throw new ZeoctlError(
		'SOCKET_UNUSABLE',
		`cannot use the control socket '${path}': its name is longer than a socket address allows`,
		{hint: 'set a shorter socket-name in the configuration'},
	);
};
