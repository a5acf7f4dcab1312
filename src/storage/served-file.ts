import {open, readlink, realpath} from 'node:fs/promises';
import path from 'node:path';
import type {StorageSettings} from '../settings/settings.js';
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
	readonly storage: string;
	/** Where the conf says that it is, without symbolic links. */
	readonly path: string;
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

type Target = {
	readonly storage: StorageSettings;
	readonly path: string;
	readonly present: Identity | undefined;
};

/**
 * The data files of a server as the process has them open, each with what its path leads to now; those that it does
 * not have open, or that may not be seen, are left out. Paths count from `directory`. Asynchronous, because a dead
 * network file system does not answer. Never rejects.
 */
export const findServedFiles = async (
	pid: number,
	storages: readonly StorageSettings[],
	directory: string,
): Promise<readonly ServedFile[]> => {
	const files = await listOpenFiles(pid);
	if (files.length === 0) return [];
	const targets: Target[] = [];
	for (const storage of storages) {
		if (storage.path === undefined) continue;
		const real = await realPath(path.resolve(directory, storage.path));
		targets.push({storage, path: real, present: await identify(real)});
	}
	const found: ServedFile[] = [];
	for (const target of targets) {
		const file = await findFile(pid, target, files, targets);
		if (file === undefined) continue;
		const served = describe(pid, target, file);
		if (served.state === 'in-place' || (await isStillSo(served, file.identity))) found.push(served);
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
	const isLost = identity.links === 0n || link.endsWith(deleted);
	return {
		storage: storage.name,
		path: file,
		pid,
		descriptor,
		inode: String(identity.inode),
		size: Number(identity.size),
		state: isThere ? 'in-place' : isLost ? 'lost' : 'moved',
		name: isThere ? file : isLost ? undefined : link,
		isReplaced: !isThere && present !== undefined,
	};
};

const deleted = ' (deleted)';

/** By what it is, by what it was called, or because no other file that could be one is left. */
const findFile = async (
	pid: number,
	{storage, path: file, present}: Target,
	files: readonly OpenFile[],
	targets: readonly Target[],
): Promise<OpenFile | undefined> => {
	const usable = files.filter(each => each.isWritable || storage.readOnly);
	const own = usable.find(each => present !== undefined && isSame(each.identity, present));
	// Beside its writer a server that only reads holds what the writer has packed away, until it is started again.
	if (own !== undefined || (storage.readOnly && present !== undefined)) return own;
	const gone = usable.find(({link}) => link === `${file}${deleted}`);
	if (gone !== undefined) return gone;
	const others: OpenFile[] = [];
	for (const each of usable) {
		const isKnown = targets.some(
			target => target.present !== undefined && isSame(target.present, each.identity),
		);
		const isPack = targets.some(target => each.link.startsWith(`${target.path}.pack`));
		if (isKnown || isPack) continue;
		if (await isDataFile(nameOf(pid, each.descriptor))) others.push(each);
	}
	const [only, ...more] = others;
	const isAlone = more.length === 0 && targets.length === 1;
	return (
		others.find(({link}) => nameIn(link) === path.basename(file)) ?? (isAlone ? only : undefined)
	);
};

const nameIn = (link: string): string => path.basename(link.replace(/ \(deleted\)$/, ''));

/** A pack may have put another file in its place while we were looking. */
const isStillSo = async (
	{pid, descriptor, path: file}: ServedFile,
	seen: Identity,
): Promise<boolean> => {
	const open = await identify(nameOf(pid, descriptor));
	const present = await identify(file);
	return open !== undefined && isSame(open, seen) && !(present && isSame(present, open));
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
