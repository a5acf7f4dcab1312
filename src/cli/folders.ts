import {closeSync, constants, fchownSync, mkdirSync, openSync, statSync} from 'node:fs';
import path from 'node:path';
import {systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {makeFolderWords} from '../platform/make-folder.js';
import type {Account} from '../platform/passwd.js';
import {isPresentFolder} from '../platform/present-folder.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {RunnerSettings} from '../settings/settings.js';

/** The folders that an instance needs and that may be made for it: `directory`, and that of its socket. */
export const instanceFolders = (
	{directory, socketName}: Pick<RunnerSettings, 'directory' | 'socketName'>,
	cwd: string,
): readonly string[] => [
	...(directory === undefined ? [] : [path.resolve(cwd, directory)]),
	path.dirname(path.resolve(cwd, socketName)),
];

/** Makes a folder if it is missing, one level only; root gives it to `owner`. */
export const makeFolder = (folder: string, owner: Account | undefined): void => {
	try {
		if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return;
		// Deleted, it is missing; made anew, it would be another one, named as the kernel marks the old one.
		if (isPresentFolder(folder)) return;
		mkdirSync(folder);
		if (owner) giveFolder(folder, owner);
	} catch (error) {
		throw folderError(folder, error);
	}
};

/** Throws as `makeFolder` would where something else is in the place of a folder; makes none. */
export const tryFolder = (folder: string): void => {
	try {
		if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== false) return;
	} catch (error) {
		throw folderError(folder, error);
	}
	throw inTheWay(folder);
};

/** Through a descriptor: a link that somebody put in the way meanwhile would be followed by a path. */
const giveFolder = (folder: string, {uid, gid}: Account): void => {
	const {O_RDONLY, O_DIRECTORY, O_NOFOLLOW} = constants;
	const fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	try {
		fchownSync(fd, uid, gid);
	} finally {
		closeSync(fd);
	}
};

const folderError = (folder: string, cause: unknown): ZeoctlError => {
	const attempt = `cannot create the folder '${folder}'`;
	switch (systemErrorCode(cause)) {
		case 'EACCES':
		case 'EPERM':
			return new ZeoctlError('PERMISSION', `${attempt}: permission denied`, {
				cause,
				hint: renderShellCommand(makeFolderWords(folder)),
			});
		case 'EROFS':
			return new ZeoctlError('PERMISSION', `${attempt}: the file system is read-only`, {cause});
		case 'ENOENT':
			return new ZeoctlError('CONFIGURATION', `${attempt}: its parent folder is missing`, {cause});
		case 'EEXIST':
		case 'ENOTDIR':
			return inTheWay(folder, cause);
		default:
			return new ZeoctlError('CONFIGURATION', `${attempt}: ${String(cause)}`, {cause});
	}
};

const inTheWay = (folder: string, cause?: unknown): ZeoctlError =>
	new ZeoctlError('CONFIGURATION', `cannot create the folder '${folder}': a file is in the way`, {
		cause,
		hint: renderShellCommand(['ls', '-l', folder]),
	});
