import fs from 'node:fs';
import path from 'node:path';

/** One earlier file of a log: `NAME.3` or `NAME.3.gz`. `size` in bytes, `changedMs` in Unix milliseconds. */
export type OldFile = {
	readonly entry: string;
	readonly number: number;
	readonly isCompressed: boolean;
	readonly size: number;
	readonly changedMs: number;
};

/** The numbered old files that a folder holds for a name, newest first. */
export const listOldFiles = (folder: string, name: string): readonly OldFile[] =>
	fs
		.readdirSync(folder)
		.flatMap(entry => describe(folder, name, entry))
		.sort((one, other) => one.number - other.number);

const describe = (folder: string, name: string, entry: string): readonly OldFile[] => {
	if (!entry.startsWith(`${name}.`)) return [];
	const match = /^([1-9]\d{0,5})(\.gz)?$/.exec(entry.slice(name.length + 1));
	const stats = match && fs.lstatSync(path.join(folder, entry), {throwIfNoEntry: false});
	if (!match || !stats?.isFile()) return [];
	const {size, mtimeMs} = stats;
	const isCompressed = match[2] !== undefined;
	return [{entry, number: Number(match[1]), isCompressed, size, changedMs: mtimeMs}];
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
export const removeExcess = (folder: string, name: string, room: number): number => {
	const removals = planRemovals(listOldFiles(folder, name), room);
	for (const entry of removals) fs.rmSync(path.join(folder, entry), {force: true});
	return removals.length;
};
