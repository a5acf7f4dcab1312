import {chmodSync, lstatSync, mkdirSync, rmdirSync, unlinkSync} from 'node:fs';
import path from 'node:path';
import {replaceDurably} from '../platform/files.js';
import type {InstanceFile} from './instance-plan.js';

/** Whether each folder of the instance is one, or is not there yet: a link would lead what we write elsewhere. */
export const findObstacle = (root: string, files: readonly InstanceFile[]): string | undefined => {
	const folders = new Set(files.map(file => path.dirname(path.join(root, file.path))));
	return [...folders, path.join(root, 'var')].find(folder => {
		const found = lstatSync(folder, {throwIfNoEntry: false});
		return folder !== root && found !== undefined && !found.isDirectory();
	});
};

/**
 * Makes the folders that are missing, and writes the files. What was made is removed again when something fails;
 * a file that was replaced stays. Throws system errors.
 */
export const writeInstance = (
	root: string,
	{
		folders,
		files,
		gid,
	}: {
		readonly folders: readonly string[];
		readonly files: readonly InstanceFile[];
		/** The group that may read what is not for all. */
		readonly gid: number | undefined;
	},
): void => {
	const undo: (() => void)[] = [];
	try {
		for (const folder of folders) undo.push(...makeFolders(folder));
		for (const {path: name, mode, content} of files) {
			const file = path.join(root, name);
			undo.push(...makeFolders(path.dirname(file)));
			const isNew = lstatSync(file, {throwIfNoEntry: false}) === undefined;
			replaceDurably(file, content, {mode, ...(gid !== undefined && mode < 0o644 && {gid})});
			if (isNew) undo.push(() => unlinkSync(file));
		}
	} catch (error) {
		for (const step of undo.reverse()) step();
		throw error;
	}
};

/** Makes a folder and those above it; what removes them again, in the order in which they were made. */
const makeFolders = (folder: string): readonly (() => void)[] => {
	const first = mkdirSync(folder, {recursive: true, mode: 0o750});
	if (first === undefined) return [];
	const made = [folder];
	while (made[0] !== undefined && made[0] !== first) made.unshift(path.dirname(made[0]));
	// Whatever the umask is: the server must get through, and others need not.
	for (const each of made) chmodSync(each, 0o755);
	return made.map(each => () => rmdirSync(each));
};
