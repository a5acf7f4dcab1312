import fs from 'node:fs';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';

/** How to reach the file that the program writes to: a descriptor of ours on it, or the program itself. */
export type LiveSource = {
	readonly descriptor?: number | undefined;
	readonly programPid?: number | undefined;
};

/** The file that the program writes to, opened by us a second time, for reading and appending. */
export type LiveFile = {
	readonly descriptor: number;
	readonly inode: number;
	readonly device: number;
	close(): void;
};

/** Opens the live file again by its inode, whatever it is called now; the reason when that is impossible. */
export const openLive = (source: LiveSource): LiveFile | {readonly refused: string} => {
	const link = findLink(source);
	if (link === undefined) return {refused: 'the file that the program writes to is not visible'};
	return openFile(link);
};

/** The same, by a path that leads to the file. */
export const openFile = (file: string): LiveFile | {readonly refused: string} => {
	try {
		const {isRegular, inode, device} = identify(file);
		if (!isRegular) return {refused: 'the program does not write to a regular file'};
		const {O_RDWR, O_APPEND} = fs.constants;
		const descriptor = fs.openSync(file, O_RDWR | O_APPEND);
		return {descriptor, inode, device, close: () => fs.closeSync(descriptor)};
	} catch (error) {
		return {
			refused: `the file that the program writes to cannot be opened: ${errorMessage(error)}`,
		};
	}
};

/** A path that opens the same inode again, also after it was renamed or deleted. */
export const pathOfDescriptor = (descriptor: number): string => `/proc/self/fd/${descriptor}`;

/**
 * The present name of the live file. A file of several names (links) is found by one of them; `undefined` when it
 * was deleted or its name is out of sight.
 */
export const findName = (live: LiveFile, likelyFolder: string): string | undefined => {
	const name = fs.readlinkSync(pathOfDescriptor(live.descriptor));
	return isNameOf(name, live) ? name : findNames(likelyFolder, live.inode)[0];
};

/** All names of an inode in one folder. */
export const findNames = (folder: string, inode: number): readonly string[] =>
	readFolder(folder)
		.map(entry => path.join(folder, entry))
		.filter(file => {
			const stats = fs.lstatSync(file, {throwIfNoEntry: false});
			return stats?.isFile() && stats.ino === inode;
		});

/** What identifies an open file, whatever it is called by now, and also without a name. */
export const identityOf = ({dev, ino}: fs.Stats): string => `${dev}:${ino}`;

/** Whether `file`, links followed, is the live file. */
export const isNameOf = (file: string, live: Pick<LiveFile, 'inode' | 'device'>): boolean => {
	const stats = statOrUndefined(file);
	return stats?.ino === live.inode && stats.dev === live.device;
};

/**
 * Why the file must not be cut under the program: a writer that does not append would go on at its old offset and
 * leave a hole. Undefined when nothing speaks against it, or when nothing is visible.
 */
export const objectionToWriter = (programPid: number, live: LiveFile): string | undefined => {
	const culprit = [1, 2].find(
		number =>
			isNameOf(`/proc/${programPid}/fd/${number}`, live) &&
			!appends(`/proc/${programPid}/fdinfo/${number}`),
	);
	return culprit === undefined
		? undefined
		: `the program writes to its descriptor ${culprit} without appending, so its file cannot be cut; restart the program`;
};

/** Where the next byte of a descriptor goes: after an append, the end of what was appended. */
export const positionOf = (descriptor: number): number => {
	const match = /^pos:\s+(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'));
	return Number(match?.[1]);
};

const appends = (info: string): boolean => {
	try {
		const flags = /^flags:\s+([0-7]+)/m.exec(fs.readFileSync(info, 'utf8'))?.[1];
		return flags === undefined || (Number.parseInt(flags, 8) & fs.constants.O_APPEND) !== 0;
	} catch {
		return true;
	}
};

const findLink = ({descriptor, programPid}: LiveSource): string | undefined => {
	if (descriptor !== undefined) return pathOfDescriptor(descriptor);
	if (programPid === undefined) return undefined;
	const links = [1, 2].map(number => `/proc/${programPid}/fd/${number}`);
	return links.find(link => statOrUndefined(link)?.isFile()) ?? links.find(statOrUndefined);
};

const identify = (link: string) => {
	const stats = fs.statSync(link);
	return {isRegular: stats.isFile(), inode: stats.ino, device: stats.dev};
};

const statOrUndefined = (file: string): fs.Stats | undefined => {
	try {
		return fs.statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};

const readFolder = (folder: string): readonly string[] => {
	try {
		return fs.readdirSync(folder);
	} catch {
		return [];
	}
};
