import {lstat, readdir, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {planRotation} from './rotation.js';

/** One earlier file of a log: `NAME.3` or `NAME.3.gz`. `size` in bytes, `changedMs` in Unix milliseconds. */
export type OldFile = {
	readonly entry: string;
	readonly number: number;
	readonly isCompressed: boolean;
	readonly size: number;
	readonly changedMs: number;
};

/** The numbered old files that a folder holds for a name, newest first. */
export const listOldFiles = async (folder: string, name: string): Promise<readonly OldFile[]> => {
	const entries = await readdir(folder);
	const described = await Promise.all(entries.map(entry => describe(folder, name, entry)));
	return described.flat().sort((one, other) => one.number - other.number);
};

const describe = async (
	folder: string,
	name: string,
	entry: string,
): Promise<readonly OldFile[]> => {
	if (!entry.startsWith(`${name}.`)) return [];
	const match = /^([1-9]\d{0,5})(\.gz)?$/.exec(entry.slice(name.length + 1));
	if (!match) return [];
	const stats = await lstat(path.join(folder, entry)).catch(() => undefined);
	if (!stats?.isFile()) return [];
	const {size, mtimeMs} = stats;
	const isCompressed = match[2] !== undefined;
	return [{entry, number: Number(match[1]), isCompressed, size, changedMs: mtimeMs}];
};

/**
 * Makes `NAME.1` of a log free, and returns it: it becomes `NAME.2` and so on; of these, `oldFiles` are kept. What is
 * interrupted is completed by the next call.
 */
export const shiftOldFiles = async (file: string, oldFiles: number): Promise<string> => {
	const folder = path.dirname(file);
	const name = path.basename(file);
	const plan = planRotation({name, entries: await readdir(folder), oldFiles});
	for (const entry of plan.removals) await rm(path.join(folder, entry), {force: true});
	for (const {from, to} of plan.renames) {
		await rename(path.join(folder, from), path.join(folder, to));
	}
	return path.join(folder, plan.target);
};

/** Which of the old files (newest first) have to go so that all that is kept fits into `room` bytes: the oldest. */
const planRemovals = (files: readonly OldFile[], room: number): readonly string[] => {
	let kept = 0;
	const tooMany = files.findIndex(({size}) => {
		kept += size;
		return kept > room;
	});
	return tooMany === -1 ? [] : files.slice(tooMany).map(({entry}) => entry);
};

/** Removes the oldest files of a log until the rest fits into `room` bytes. Returns how many went. */
export const removeExcess = async (folder: string, name: string, room: number): Promise<number> => {
	const removals = planRemovals(await listOldFiles(folder, name), room);
	for (const entry of removals) await rm(path.join(folder, entry), {force: true});
	return removals.length;
};
