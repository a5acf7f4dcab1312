import {chmodSync, lstatSync, mkdirSync, rmdirSync, statSync, unlinkSync} from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';
import type {InstanceFile, InstanceFolder} from './instance-plan.js';

/** Whether each folder of the instance is one, or is not there yet: a link would lead what we write elsewhere. */
export const findObstacle = (root: string, files: readonly InstanceFile[]): string | undefined => {
	const folders = new Set(files.map(file => path.dirname(path.join(root, file.path))));
	return [...folders, path.join(root, 'var')].find(folder => {
		const found = lstatSync(folder, {throwIfNoEntry: false});
		return folder !== root && found !== undefined && !found.isDirectory();
	});
};

/** What was done to an instance. */
export type WrittenInstance = {
	/** Folders that were missing, absolute. */
	readonly folders: readonly string[];
	/** Takes everything back that is new; a file that was replaced or removed stays so. */
	undo(): void;
};

/**
 * Makes the folders that are missing, writes the files and removes those that are wanted no more. What was made is
 * taken back when something fails. Throws system errors.
 */
export const writeInstance = (
	root: string,
	{
		folders,
		files,
		removed,
		gid,
	}: {
		readonly folders: readonly InstanceFolder[];
		readonly files: readonly InstanceFile[];
		readonly removed: readonly string[];
		/** The group that may read what is not for all. */
		readonly gid: number | undefined;
	},
): WrittenInstance => {
	const steps: (() => void)[] = [];
	const made: string[] = [];
	const undo = (): void => {
		for (const step of steps.reverse()) step();
	};
	const make = (folder: string, mode?: number): void => {
		for (const each of makeFolders(folder, mode)) {
			made.push(each);
			steps.push(() => rmdirSync(each));
		}
	};
	try {
		for (const {path: folder, isServers} of folders) make(folder, isServers ? 0o750 : 0o755);
		for (const {path: name, mode, content} of files) {
			const file = path.join(root, name);
			make(path.dirname(file));
			const isNew = lstatSync(file, {throwIfNoEntry: false}) === undefined;
			replaceDurably(file, content, {mode, ...(gid !== undefined && mode < 0o644 && {gid})});
			if (isNew) steps.push(() => unlinkSync(file));
		}
		for (const name of removed) unlinkSync(path.join(root, name));
		return {folders: made, undo};
	} catch (error) {
		undo();
		throw error;
	}
};

/** Makes a folder and those above it, whatever the umask is; those that were missing, the outermost first. */
const makeFolders = (folder: string, mode = 0o755): readonly string[] => {
	try {
		mkdirSync(folder, {mode: 0o700});
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === 'EEXIST' && statSync(folder).isDirectory()) return [];
		if (code !== 'ENOENT') throw error;
		// One by one: of several at once only the last reason is told.
		return [...makeFolders(path.dirname(folder)), ...makeFolders(folder, mode)];
	}
	chmodSync(folder, mode);
	return [folder];
};
