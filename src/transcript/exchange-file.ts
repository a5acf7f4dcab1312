import {link, open, readdir, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {planRotation} from './rotation.js';

/**
 * Rotates a log by names alone: `NAME` becomes `NAME.1`, after `NAME.1` became `NAME.2` and so on, and an empty file
 * of the same mode takes its place at that very moment, so that whoever looks for the log finds it. Of the old files
 * `oldFiles` are kept. A kill leaves nothing that the next call does not put right.
 */
export const exchangeFile = async (file: string, oldFiles: number): Promise<void> => {
	const folder = path.dirname(file);
	const name = path.basename(file);
	const next = path.join(folder, `.${name}.zeoctl-next`);
	await rm(next, {force: true});
	try {
		const {mode} = await stat(file);
		const empty = await open(next, 'wx', mode & 0o777);
		await empty.close();
		if (oldFiles > 0) await keepAs(`${file}.1`, {file, folder, name, oldFiles});
		await rename(next, file);
	} catch (error) {
		await rm(next, {force: true});
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

const isSame = async (one: string, other: string): Promise<boolean> => {
	const [{ino, dev}, found] = await Promise.all([stat(one), stat(other).catch(() => undefined)]);
	return found?.ino === ino && found.dev === dev;
};
