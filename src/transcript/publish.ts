import fs from 'node:fs';
import {link, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import type {CutJournal} from './journal.js';
import {findName, findNames, isNameOf, type LiveFile} from './live-file.js';
import {shiftOldFiles} from './old-files.js';

/**
 * Gives the live file its configured name again, beside the present one. Returns why that is impossible. Never
 * takes the place of a file that holds anything; an empty one, as logrotate's `create` makes it, goes.
 */
export const giveNameBack = async (
	live: LiveFile,
	journal: CutJournal,
): Promise<string | undefined> => {
	if (isNameOf(journal.path, live)) return undefined;
	const present = findName(live, path.dirname(journal.liveName));
	if (present === undefined) return 'the file that the program writes to was deleted';
	try {
		const obstacle = objectionToPath(journal.path);
		if (obstacle !== undefined) return obstacle;
		await rm(journal.path, {force: true});
		// Unlike a rename, a link replaces nothing that appeared meanwhile.
		await link(present, journal.path);
		return undefined;
	} catch (error) {
		return linkRefusals[systemErrorCode(error) ?? ''] ?? String(error);
	}
};

/** Why `file` cannot become the name of the live file: it must be absent or empty. */
export const objectionToPath = (file: string): string | undefined => {
	const folder = path.dirname(file);
	if (!fs.existsSync(folder)) return `the folder "${folder}" does not exist`;
	const present = fs.lstatSync(file, {throwIfNoEntry: false});
	if (present === undefined) return undefined;
	if (present.isDirectory()) return `"${file}" is a directory`;
	if (!present.isFile()) return `"${file}" is not a regular file`;
	return present.size === 0 ? undefined : `"${file}" is another file, which is not empty`;
};

/** Gives the copied head its final name and returns it. Repeating it after a kill completes it. */
export const publish = async (live: LiveFile | undefined, journal: CutJournal): Promise<string> => {
	const target = journal.kind === 'rotate' ? await makeRoom(journal) : nameForHead(live, journal);
	if (fs.existsSync(journal.temporary)) await rename(journal.temporary, target);
	return target;
};

const makeRoom = async ({liveName, oldFiles, temporary}: CutJournal): Promise<string> =>
	fs.existsSync(temporary) ? shiftOldFiles(liveName, oldFiles) : `${liveName}.1`;

// The head takes over the name under which the live file was found, wherever an outside rotation has moved it by now.
const nameForHead = (live: LiveFile | undefined, {path: file, liveName}: CutJournal): string => {
	if (live === undefined || !isNameOf(file, live)) return freeName(liveName);
	const folders = new Set([path.dirname(liveName), path.dirname(file)]);
	const names = [...folders].flatMap(folder => findNames(folder, live.inode));
	const other = names.find(name => path.resolve(name) !== path.resolve(file));
	return other ?? freeName(liveName);
};

const freeName = (name: string): string => {
	let candidate = name;
	for (let number = 1; fs.existsSync(candidate); number += 1) candidate = `${name}.${number}`;
	return candidate;
};

const linkRefusals: Readonly<Record<string, string>> = {
	EXDEV: 'the file that the program writes to is on another file system',
	EACCES: 'permission denied to give the file its name back',
	EPERM: 'the operating system refuses to give the file its name back',
	EEXIST: 'another file appeared under the name at the same moment',
};
