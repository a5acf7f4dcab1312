import fs from 'node:fs';
import {open, unlink} from 'node:fs/promises';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {nearestFolder} from '../platform/nearest-folder.js';
import {collapseHead} from './system-tools.js';

/** What a file system can do for a log. `reason` says why heads cannot be removed there. */
export type LogFileSystem = {
	readonly type: string;
	readonly blockSize: number;
	readonly removesHeads: boolean;
	readonly reason?: string;
	/** Whether it could not be tried, as on a disk that is full or where no process can be started: that may pass. */
	readonly isUntried?: true;
};

// linux/magic.h
const types: Readonly<Record<number, string>> = {
	61267: 'ext4',
	1481003842: 'xfs',
	16914836: 'tmpfs',
	2435016766: 'btrfs',
	2035054128: 'overlayfs',
	26985: 'nfs',
	4076150800: 'f2fs',
	801189825: 'zfs',
	1702057286: 'fuse',
	19780: 'vfat',
};

/** The type of the file system of a file or folder, such as `ext4`. */
export const fileSystemType = (file: string): string => {
	const {type} = fs.statfsSync(file);
	return types[type] ?? `type 0x${type.toString(16)}`;
};

/** Whether a file is in memory, so that who writes to it waits for no device. */
export const isInMemory = (file: string): boolean => {
	try {
		return fileSystemType(file) === 'tmpfs';
	} catch {
		return false;
	}
};

/**
 * Finds out, with a small file that is removed again, whether the file system of a folder can remove the head of
 * a file (`fallocate --collapse-range`).
 */
export const probeFileSystem = async (folder: string): Promise<LogFileSystem> => {
	const {bsize: blockSize} = fs.statfsSync(folder);
	const common = {type: fileSystemType(folder), blockSize};
	const file = path.join(folder, `.zeoctl-probe-${process.pid}-${probes++}`);
	try {
		const handle = await open(file, 'wx+', 0o600);
		try {
			await unlink(file);
			await handle.write(Buffer.alloc(blockSize + 1, ' '));
			const outcome = await collapseHead({descriptor: handle.fd, length: blockSize});
			if (outcome.ok && (await handle.stat()).size === 1) return {...common, removesHeads: true};
			if (!outcome.ok && !isLasting(outcome.message)) throw new Error(outcome.message);
			return {...common, removesHeads: false, reason: refusal(common.type, outcome.message)};
		} finally {
			await handle.close();
		}
	} catch (error) {
		const reason = `it cannot be tried what the file system (${common.type}) can do: ${errorMessage(error)}`;
		return {...common, removesHeads: false, reason, isUntried: true};
	}
};

/**
 * The same, asked once per device in the life of this process, and again where it could not be tried. A folder that
 * has been deleted is answered for by the nearest one above it.
 */
export const knownFileSystem = async (folder: string): Promise<LogFileSystem> => {
	const near = nearestFolder(folder);
	const {dev} = fs.statSync(near);
	const asked = answers.get(dev) ?? probeFileSystem(near);
	answers.set(dev, asked);
	const answer = await asked;
	if (answer.isUntried && answers.get(dev) === asked) answers.delete(dev);
	return answer;
};

/**
 * Whether what `fallocate` says will be so the next time, too: that the file system, or a policy, does not allow it,
 * or that there is no such command. Anything else may pass, and must not be a reason to rotate with a loss.
 */
export const isLasting = (message: string): boolean =>
	/not supported|unsupported|not implemented|invalid argument|not permitted|permission denied|ENOENT/i.test(
		message,
	);

const answers = new Map<number, Promise<LogFileSystem>>();
let probes = 0;

const refusal = (type: string, message: string): string =>
	/ENOENT/.test(message)
		? 'the command fallocate (package util-linux) is missing'
		: `the file system (${type}) cannot remove the head of a file`;
