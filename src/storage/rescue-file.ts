import {constants} from 'node:fs';
import {chmod, chown, link, open, rename, stat, unlink} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {type CopiedFile, type CopyProgress, copyLiveFile, openForCopy} from './copy-live-file.js';

type RescueOptions = {
	/** A file that its name does not lead to any more, such as `/proc/PID/fd/N`. */
	readonly source: string;
	/** What it must be. */
	readonly inode: string;
	/** The name of the copy. Nothing is overwritten. */
	readonly target: string;
	/** Told apart from other copies under way. */
	readonly pid: number;
	readonly onProgress: (progress: CopyProgress) => void;
	readonly signal: AbortSignal;
};

/** Something else is there now; nothing was copied. */
export class SourceChanged extends Error {}

/**
 * Copies a data file that a server holds open to a name of its own, with owner and permissions. The name appears
 * when the copy is whole, checked and on the disk; when that fails nothing is left behind. Rejects with system errors
 * (EEXIST where the name is taken) and the reason of the signal.
 */
export const rescueFile = async ({
	source: name,
	inode,
	target,
	pid,
	onProgress,
	signal,
}: RescueOptions): Promise<CopiedFile> => {
	const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${pid}.part`);
	await refuseTaken(target);
	const source = await open(name, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		const {ino, uid, gid, mode} = await source.stat({bigint: true});
		if (String(ino) !== inode) throw new SourceChanged(name);
		const copy = await openForCopy(temporary);
		try {
			const copied = await copyLiveFile({source, target: copy, onProgress, signal});
			await give(temporary, {uid: Number(uid), gid: Number(gid), mode: Number(mode) & 0o666});
			await copy.sync();
			await publish(temporary, target);
			await syncFolder(path.dirname(target));
			return copied;
		} finally {
			await copy.close();
			await unlink(temporary).catch(() => undefined);
		}
	} finally {
		await source.close();
	}
};

const refuseTaken = async (target: string): Promise<void> => {
	const there = await stat(target).catch(error => {
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw error;
	});
	if (there !== undefined) throw taken();
};

const taken = (): Error => Object.assign(new Error('it exists'), {code: 'EEXIST'});

/** The group of somebody else can only be given by root, and is not worth a failure. */
const give = async (
	file: string,
	{uid, gid, mode}: {readonly uid: number; readonly gid: number; readonly mode: number},
): Promise<void> => {
	await chown(file, uid, gid).catch(() => undefined);
	await chmod(file, mode);
};

/** Gives a file its name unless there is one: a link fails then, where a rename would replace it. */
const publish = async (temporary: string, target: string): Promise<void> => {
	try {
		await link(temporary, target);
	} catch (error) {
		if (!noLinks.has(systemErrorCode(error) ?? '')) throw error;
		// The name is taken by a file of our own, which the rename then replaces.
		await (await open(target, 'wx', 0o600)).close();
		await rename(temporary, target);
	}
};

/** What file systems without hard links answer. */
const noLinks: ReadonlySet<string> = new Set([
	'EPERM',
	'ENOTSUP',
	'EOPNOTSUPP',
	'ENOSYS',
	'EMLINK',
]);

const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
};
