import fs from 'node:fs';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {collapseHead} from './system-tools.js';

/** What a file system can do for a log. `reason` says why heads cannot be removed there. */
export type LogFileSystem = {
	readonly type: string;
	readonly blockSize: number;
	readonly removesHeads: boolean;
	readonly reason?: string;
	/** Whether it could not even be tried, as on a disk that is full: that may pass. */
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
		const descriptor = fs.openSync(file, 'wx+', 0o600);
		try {
			fs.unlinkSync(file);
			fs.writeSync(descriptor, Buffer.alloc(blockSize + 1, ' '));
			const {ok, message} = await collapseHead({descriptor, length: blockSize});
			const works = ok && fs.fstatSync(descriptor).size === 1;
			return works
				? {...common, removesHeads: true}
				: {...common, removesHeads: false, reason: refusal(common.type, message)};
		} finally {
			fs.closeSync(descriptor);
		}
	} catch (error) {
		const reason = `it cannot be tried what the file system (${common.type}) can do: ${errorMessage(error)}`;
		return {...common, removesHeads: false, reason, isUntried: true};
	}
};

/** The same, asked once per device in the life of this process, and again where it could not be tried. */
export const knownFileSystem = async (folder: string): Promise<LogFileSystem> => {
	const {dev} = fs.statSync(folder);
	const asked = answers.get(dev) ?? probeFileSystem(folder);
	answers.set(dev, asked);
	const answer = await asked;
	if (answer.isUntried && answers.get(dev) === asked) answers.delete(dev);
	return answer;
};

const answers = new Map<number, Promise<LogFileSystem>>();
let probes = 0;

const refusal = (type: string, message: string): string =>
	/ENOENT/.test(message)
		? 'the command fallocate (package util-linux) is missing'
		: `the file system (${type}) cannot remove the head of a file`;
