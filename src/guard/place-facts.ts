import {
	accessSync,
	constants,
	lstatSync,
	type Stats,
	type StatsFs,
	statfsSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import {findAccount} from '../platform/accounts.js';
import type {StorageFile} from '../storage/kind.js';
import type {FileSystemFacts, OwnedFile} from './database-place.js';

/** Who runs a server. */
export type ServerUser = {readonly uid: number; readonly gid: number; readonly name: string};

/** The user of this process, who is that of the server wherever a server is started from it. */
export const currentUser = async (): Promise<ServerUser> => {
	const uid = process.geteuid?.() ?? 0;
	const account = await findAccount(String(uid));
	return {uid, gid: process.getegid?.() ?? 0, name: account?.name ?? String(uid)};
};

/** Owners and permissions of the files that exist, as the user sees them. Never throws. */
export const readOwners = (
	files: readonly StorageFile[],
	user: ServerUser,
	readOnly: boolean,
): readonly OwnedFile[] =>
	files.flatMap(({path: file, is}) => {
		const stats = statIfPresent(file);
		return stats === undefined
			? []
			: [
					{
						path: file,
						is,
						isFolder: stats.isDirectory(),
						uid: stats.uid,
						mode: stats.mode,
						usable: isUsable(file, stats, wantedAccess(is, readOnly), user),
					},
				];
	});

const statIfPresent = (file: string): Stats | undefined => {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};

const wantedAccess = (is: StorageFile['is'], readOnly: boolean): number => {
	const {R_OK, W_OK, X_OK} = constants;
	return R_OK | (readOnly ? 0 : W_OK) | (is === 'folder' ? X_OK : 0);
};

/** The user itself asks the kernel, which knows of access lists; root reckons with the permission bits. */
const isUsable = (
	file: string,
	stats: Stats,
	wanted: number,
	{uid, gid}: ServerUser,
): boolean | undefined => {
	if (process.geteuid?.() === uid) return isAccessible(file, wanted);
	if (process.geteuid?.() !== 0) return undefined;
	const shift = stats.uid === uid ? 6 : stats.gid === gid ? 3 : 0;
	const isGranted = ((stats.mode >> shift) & wanted) === wanted;
	// Of a user's further groups nothing is known here: only what everybody may is certain.
	return isGranted || (shift === 0 ? undefined : false);
};

const isAccessible = (file: string, wanted: number): boolean => {
	try {
		accessSync(file, wanted);
		return true;
	} catch {
		return false;
	}
};

/** Whether a path is a symbolic link itself. Never throws. */
export const isSymbolicLink = (file: string): boolean => {
	try {
		return lstatSync(file, {throwIfNoEntry: false})?.isSymbolicLink() ?? false;
	} catch {
		return false;
	}
};

/** File systems whose locks need not hold on other machines; numbers of linux/magic.h and of their sources. */
const networkTypes: Readonly<Record<number, string>> = {
	26985: 'nfs',
	4283649346: 'cifs',
	4266872130: 'smb2',
	20859: 'smb',
	16914839: '9p',
	1702057286: 'fuse',
	1397113167: 'afs',
	12805120: 'ceph',
	198183888: 'lustre',
	1952539503: 'ocfs2',
	18225520: 'gfs2',
};

/** The file system that holds a file, or will hold it. Undefined when it cannot be asked. Never throws. */
export const readFileSystem = (
	realPath: string,
	ask: (folder: string) => StatsFs = statfsSync,
): FileSystemFacts | undefined => {
	try {
		const {type, bsize, bavail, files, ffree} = ask(path.dirname(realPath));
		return {
			network: networkTypes[type],
			freeBytes: bsize * bavail,
			freeInodes: files === 0 ? undefined : ffree,
		};
	} catch {
		return undefined;
	}
};
