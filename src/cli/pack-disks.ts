import {stat, statfs} from 'node:fs/promises';
import path from 'node:path';
import type {PackFiles} from '../pack/target.js';
import {realFile} from '../platform/real-file.js';

/** What the user of the server may still write on the disk of a file; undefined where that cannot be seen. */
export const freeBytes = async (file: string): Promise<number | undefined> => {
	try {
		const {bavail, bsize} = await statfs(path.dirname(realFile(file)));
		return bavail * bsize;
	} catch {
		return undefined;
	}
};

/** File systems without hard links: vfat and exfat, as statfs(2) numbers them. */
const withoutLinks: readonly number[] = [0x4d44, 0x2011_bab0];

/**
 * Whether a pack must copy the blobs that stay, to keep what it drops: where there are no hard links, or where the
 * folder is a mount point, beside which everything is on another disk.
 */
export const blobCopies = async ({
	dataPath,
	blobDirectory,
}: PackFiles): Promise<{readonly sameDisk: boolean} | undefined> => {
	if (blobDirectory === undefined) return undefined;
	try {
		const own = realFile(blobDirectory);
		const [blobs, beside, data, {type}] = await Promise.all([
			stat(own),
			stat(path.dirname(own)),
			stat(path.dirname(realFile(dataPath))),
			statfs(own),
		]);
		const isLinked = blobs.dev === beside.dev && !withoutLinks.includes(type);
		return isLinked ? undefined : {sameDisk: beside.dev === data.dev};
	} catch {
		return undefined;
	}
};
