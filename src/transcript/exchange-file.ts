import {link, open, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {shiftOldFiles} from './old-files.js';

/**
 * Rotates a log by names alone: `NAME` becomes `NAME.1`, after `NAME.1` became `NAME.2` and so on, and an empty file
 * of the same mode takes its place at that very moment, so that whoever looks for the log finds it. Of the old files
 * `oldFiles` are kept. What somebody else renames meanwhile is his, and becomes no old file; false when nothing was
 * left to rotate. A kill leaves nothing that the next call does not put right.
 */
export const exchangeFile = async (file: string, oldFiles: number): Promise<boolean> => {
	const next = path.join(path.dirname(file), `.${path.basename(file)}.zeoctl-next`);
	await rm(next, {force: true});
	try {
		const {mode, nlink} = await stat(file);
		const empty = await open(next, 'wx', mode & 0o777);
		await empty.close();
		const target = oldFiles > 0 ? await keep(file, oldFiles) : undefined;
		await rename(next, file);
		if (target !== undefined && (await stat(target)).nlink > nlink) await rm(target);
		return true;
	} catch (error) {
		await rm(next, {force: true});
		if (systemErrorCode(error) === 'ENOENT' && !(await isThere(file))) return false;
		throw error;
	}
};

const keep = async (file: string, oldFiles: number): Promise<string> => {
	// A kill after the second name was given, and before the first one was taken away.
	if (await isSame(file, `${file}.1`)) await rm(`${file}.1`);
	const target = await shiftOldFiles(file, oldFiles);
	// Not every file system gives a file two names; there the log is missing for a moment.
	await link(file, target).catch(() => rename(file, target));
	return target;
};

const isThere = (file: string): Promise<boolean> =>
	stat(file).then(
		() => true,
		() => false,
	);

const isSame = async (one: string, other: string): Promise<boolean> => {
	const [{ino, dev}, found] = await Promise.all([stat(one), stat(other).catch(() => undefined)]);
	return found?.ino === ino && found.dev === dev;
};
