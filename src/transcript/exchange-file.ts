import {link, open, readdir, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {planRotation} from './rotation.js';

/**
 * Rotates a log by names alone: `NAME` becomes `NAME.1`, after `NAME.1` became `NAME.2` and so on, and an empty file
 * of the same mode takes its place at that very moment, so that whoever looks for the log finds it. Of the old files
 * `oldFiles` are kept. What somebody else renames meanwhile is his, and becomes no old file; false when nothing was
 * left to rotate. A kill leaves nothing that the next call does not put right.
 */
export const exchangeFile = async (file: string, oldFiles: number): Promise<boolean> => {
	const folder = path.dirname(file);
	const name = path.basename(file);
	const next = path.join(folder, `.${name}.zeoctl-next`);
	await rm(next, {force: true});
	try {
		const {mode, nlink} = await stat(file);
		const empty = await open(next, 'wx', mode & 0o777);
		await empty.close();
		const target = `${file}.1`;
		if (oldFiles > 0) await keepAs(target, {file, folder, name, oldFiles});
		await rename(next, file);
		if (oldFiles > 0 && (await stat(target)).nlink > nlink) await rm(target);
		return true;
	} catch (error) {
		await rm(next, {force: true});
		if (systemErrorCode(error) === 'ENOENT' && !(await isThere(file))) return false;
		throw error;
	}
};

const keepAs = async (
	target: string,
	{
		file,
		folder,
		name,
		oldFiles,
	}: {
		readonly file: string;
		readonly folder: string;
		readonly name: string;
		readonly oldFiles: number;
	},
): Promise<void> => {
	// A kill after the second name was given, and before the first one was taken away.
	if (await isSame(file, target)) await rm(target);
	const plan = planRotation({name, entries: await readdir(folder), oldFiles});
	for (const entry of plan.removals) await rm(path.join(folder, entry), {force: true});
	for (const {from, to} of plan.renames) {
		await rename(path.join(folder, from), path.join(folder, to));
	}
	// Not every file system gives a file two names; there the log is missing for a moment.
	await link(file, target).catch(() => rename(file, target));
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
