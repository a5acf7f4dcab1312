import {execFile} from 'node:child_process';
import {systemErrorCode} from '../platform/errors.js';
import {readProcessStat} from '../platform/process-stat.js';
import {
	canLookInto,
	type FileIdentity,
	findOldestProcess,
	hasOpen,
	holdsSocket,
	identifyFile,
} from './descriptors.js';
import {findAllListeners, findListeners, type ListenAddress} from './listeners.js';
import {parseLocks} from './proc-tables.js';
import {describeProcess, type ProcessDescription, readText} from './processes.js';

/** Who has something: a process that can be seen, or somebody of whom only the user (or the pid) shows. */
export type Holder =
	| (ProcessDescription & {
			readonly visible: true;
			/** Whether we may see what it has open. */
			readonly showsFiles: boolean;
	  })
	| {readonly visible: false; readonly pid: number | undefined; readonly uid: number | undefined};

/**
 * Who listens at an address, or stands in its way. Undefined: nobody was seen in this network namespace, which does
 * not prove the address free. Never throws.
 */
export const whoListens = async (address: ListenAddress): Promise<Holder | undefined> => {
	const [first, ...others] = await findListeners(address);
	if (first === undefined) {
		return undefined;
	}

	const inodes = new Set([first, ...others].map(({inode}) => inode));
	const pid =
		findOldestProcess(candidate => holdsSocket(candidate, new Set([first.inode]))) ??
		findOldestProcess(candidate => holdsSocket(candidate, inodes));
	return describeHolder(pid, first.uid);
};

/**
 * Whether it is a program of ours that listens at an address: it, a member of its process group or session, or
 * somebody else. Unknown when nobody or only hidden processes are seen. Never throws.
 */
export const whoseListener = async ({
	pid,
	address,
}: {
	readonly pid: number;
	readonly address: ListenAddress;
}): Promise<'program' | 'other' | 'unknown'> => {
	const inodes = new Set((await findListeners(address)).map(({inode}) => inode));
	if (inodes.size === 0) {
		return 'unknown';
	}

	if (holdsSocket(pid, inodes) || findFamilyListener(pid, inodes) !== undefined) {
		return 'program';
	}

	const other = findOldestProcess(candidate => holdsSocket(candidate, inodes));
	return other === undefined ? 'unknown' : 'other';
};

/**
 * Whether a program of ours listens anywhere at all: it, or a member of its process group or session. Never throws.
 */
export const listensAnywhere = (pid: number): boolean => {
	const inodes = findAllListeners();
	return holdsSocket(pid, inodes) || findFamilyListener(pid, inodes) !== undefined;
};

const findFamilyListener = (pid: number, inodes: ReadonlySet<number>): number | undefined =>
	findOldestProcess(candidate => {
		const stat = readProcessStat(candidate);
		return (stat?.group === pid || stat?.session === pid) && holdsSocket(candidate, inodes);
	});

/**
 * Who holds a lock (`flock`, `fcntl`) on a file, such as ZODB's `Data.fs.lock`. Undefined: nobody was seen, which does
 * not prove the lock free (a holder in another pid namespace is not listed). With `crossCheck` the lock itself is
 * tried, shared and for an instant, so that a hidden holder is noticed; a server starting in that instant may fail.
 * Never throws.
 */
export const whoHoldsLock = async (
	file: string,
	{crossCheck = false}: {readonly crossCheck?: boolean} = {},
): Promise<Holder | undefined> => {
	const identity = identifyFile(file);
	if (identity === undefined) {
		return undefined;
	}

	const locker = findLocker(identity);
	if (locker !== undefined) {
		return describeLocker(locker, identity);
	}

	return crossCheck && (await isLocked(file))
		? describeHolder(
				findOldestProcess(pid => hasOpen(pid, identity)),
				undefined,
			)
		: undefined;
};

/**
 * The pid that took the lock. The device in `/proc/locks` is the file system's own, which `stat` does not show on
 * overlayfs and btrfs: there the inode counts if its process has the file open.
 */
const findLocker = (identity: FileIdentity): number | undefined => {
	const {major, minor} = splitDevice(identity.dev);
	const locks = parseLocks(readText('/proc/locks') ?? '').filter(
		({inode}) => inode === identity.ino,
	);
	const exact = locks.find(lock => lock.major === major && lock.minor === minor);
	return (exact ?? locks.find(({pid}) => hasOpen(pid, identity)))?.pid;
};

/** Linux's encoding of a device number (makedev(3)). */
const splitDevice = (dev: bigint): {readonly major: number; readonly minor: number} => ({
	major: Number((dev >> 8n) & 0xf_ffn),
	minor: Number((dev & 0xffn) | ((dev >> 12n) & 0xf_ff_00n)),
});

/** A lock outlives the process that took it where another inherited the descriptor: then that one holds it. */
const describeLocker = (pid: number, identity: FileIdentity): Holder => {
	if (canLookInto(pid) ? hasOpen(pid, identity) : describeProcess(pid) !== undefined) {
		return describeHolder(pid, undefined);
	}

	const heir = findOldestProcess(candidate => hasOpen(candidate, identity));
	return heir === undefined
		? {visible: false, pid: isThere(pid) ? pid : undefined, uid: undefined}
		: describeHolder(heir, undefined);
};

/** Whether there is such a process, be it hidden from us: a pid that is free may be another's by the time it is typed. */
const isThere = (pid: number): boolean => {
	if (pid <= 0 || readProcessStat(pid)?.state === 'Z') return false;
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return systemErrorCode(error) !== 'ESRCH';
	}
};

/** A process as a holder; undefined stands for one that cannot be seen, of which perhaps the user is known. */
export const describeHolder = (pid: number | undefined, uid: number | undefined): Holder => {
	const description = pid === undefined ? undefined : describeProcess(pid);
	return description === undefined
		? {visible: false, pid, uid}
		: {...description, visible: true, showsFiles: canLookInto(description.pid)};
};

/** Node has no flock: util-linux's tries it; 1 is its word for a lock that is held. */
const isLocked = (file: string): Promise<boolean> =>
	new Promise(resolve => {
		execFile('flock', ['--nonblock', '--shared', file, 'true'], {timeout: 5000}, error => {
			resolve(error?.code === 1);
		});
	});
