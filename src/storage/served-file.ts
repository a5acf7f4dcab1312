import {open, readlink, realpath} from 'node:fs/promises';
import path from 'node:path';
import type {StorageSettings} from '../settings/settings.js';
import {type Candidate, isDeleted, lastName, matchFiles, type Place} from './match-files.js';
import {
	type Identity,
	identify,
	isSame,
	listOpenFiles,
	nameOf,
	type OpenFile,
} from './open-files.js';
import {magicLength} from './transaction-header.js';

/** A data file that a process has open. */
export type ServedFile = {
	/** Its last name, where it is unclaimed. */
	readonly storage: string;
	/** Where the conf says that it is, without symbolic links; its last name, where it is unclaimed. */
	readonly path: string;
	/** Whether no storage is known whose file it is. */
	readonly isUnclaimed: boolean;
	readonly pid: number;
	readonly descriptor: number;
	/** Decimal. */
	readonly inode: string;
	/** Bytes. */
	readonly size: number;
	/** `lost`: no name leads to it any more; `moved`: another one does. */
	readonly state: 'in-place' | 'lost' | 'moved';
	/** What it is called now, where that is known. */
	readonly name: string | undefined;
	/** Whether another file is at its path. */
	readonly isReplaced: boolean;
};

type Target = Place & {readonly storage: StorageSettings};

/** Where the paths of storages count from, and what is remembered of their files. */
export type Whereabouts = {
	readonly directory: string;
	/** The inode on record of the data file at a real path, decimal. */
	readonly recordedInode: (realPath: string) => string | undefined;
};

/**
 * The data files of a server as the process has them open, each with what its path leads to now; those that it does
 * not have open, or that may not be seen, are left out. Behind them the databases whose storage is not known: those
 * that were deleted, and while a storage lacks its file all others. Asynchronous, because a dead network file system
 * does not answer. Never rejects.
 */
export const findServedFiles = async (
	pid: number,
	storages: readonly StorageSettings[],
	{directory, recordedInode}: Whereabouts,
): Promise<readonly ServedFile[]> => {
	const files = await listOpenFiles(pid);
	if (files.length === 0) return [];
	const targets: Target[] = [];
	for (const storage of storages) {
		if (storage.path === undefined) continue;
		const real = await realPath(path.resolve(directory, storage.path));
		const present = await identify(real);
		targets.push({
			...{storage, path: real, isReadOnly: storage.readOnly, present},
			recorded: recordedInode(real),
		});
	}
	const candidates: Candidate[] = [];
	for (const file of files)
		candidates.push({...file, isData: await isDataFile(nameOf(pid, file.descriptor))});
	const {matched, waiting, rest} = matchFiles(targets, candidates);
	const found: ServedFile[] = [];
	for (const target of targets) {
		const file = matched.get(target);
		if (file === undefined) continue;
		const served = describe(pid, target, file);
		if (served.state === 'in-place' || (await isStillSo(served, file.identity))) found.push(served);
	}
	for (const file of rest) {
		const served = describeUnclaimed(pid, file);
		const isOfInterest = served.state === 'lost' || waiting.length > 0;
		if (isOfInterest && (await isStillOpen(served, file.identity))) found.push(served);
	}
	return found;
};

/** Whether a descriptor still is on the file that a path leads to: two questions, where a list of all costs more. */
export const isInPlace = async ({
	pid,
	descriptor,
	path: file,
}: Pick<ServedFile, 'pid' | 'descriptor' | 'path'>): Promise<boolean> => {
	const [open, present] = [await identify(nameOf(pid, descriptor)), await identify(file)];
	return open !== undefined && present !== undefined && isSame(open, present);
};

const describe = (
	pid: number,
	{storage, path: file, present}: Target,
	{descriptor, link, identity}: OpenFile,
): ServedFile => {
	const isThere = present !== undefined && isSame(identity, present);
	const isLost = isDeleted({link, identity});
	return {
		...{storage: storage.name, path: file, isUnclaimed: false, pid, descriptor},
		...sizeOf(identity),
		state: isThere ? 'in-place' : isLost ? 'lost' : 'moved',
		name: isThere ? file : isLost ? undefined : link,
		isReplaced: !isThere && present !== undefined,
	};
};

const describeUnclaimed = (pid: number, file: OpenFile): ServedFile => {
	const [name, isLost] = [lastName(file), isDeleted(file)];
	return {
		...{storage: name, path: name, isUnclaimed: true, pid, descriptor: file.descriptor},
		...sizeOf(file.identity),
		state: isLost ? 'lost' : 'moved',
		name: isLost ? undefined : name,
		isReplaced: false,
	};
};

const sizeOf = ({inode, size}: Identity): Pick<ServedFile, 'inode' | 'size'> => ({
	inode: String(inode),
	size: Number(size),
});

/** A pack may have put another file in its place while we were looking. */
const isStillSo = async (
	{pid, descriptor, path: file}: ServedFile,
	seen: Identity,
): Promise<boolean> => {
	const present = await identify(file);
	return (await isStillOpen({pid, descriptor}, seen)) && !(present && isSame(present, seen));
};

const isStillOpen = async (
	{pid, descriptor}: Pick<ServedFile, 'pid' | 'descriptor'>,
	seen: Identity,
): Promise<boolean> => {
	const open = await identify(nameOf(pid, descriptor));
	return open !== undefined && isSame(open, seen);
};

const isDataFile = async (file: string): Promise<boolean> => {
	try {
		const handle = await open(file, 'r');
		try {
			const {buffer} = await handle.read(Buffer.alloc(magicLength), 0, magicLength, 0);
			return /^FS(?:30|21)$/.test(buffer.toString('latin1'));
		} finally {
			await handle.close();
		}
	} catch {
		return false;
	}
};

/** As many links in a row as the kernel follows. */
const mostLinks = 40;

/** Behind symbolic links, also one whose target is missing. */
const realPath = async (file: string, links = 0): Promise<string> => {
	const found = await realpath(file).catch(() => undefined);
	if (found !== undefined || links > mostLinks) return found ?? file;
	const folder = await realpath(path.dirname(file)).catch(() => path.dirname(file));
	const place = path.join(folder, path.basename(file));
	const target = await readlink(place).catch(() => undefined);
	return target === undefined ? place : realPath(path.resolve(folder, target), links + 1);
};
