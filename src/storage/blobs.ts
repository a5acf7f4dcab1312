import {lstat, opendir} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import type {BlobMeasure} from './kind.js';

/**
 * The blobs of a folder and the folders below it (`ZODB/blob.py`: one folder per object, one `.blob` file per
 * revision); what is being uploaded in `tmp` does not count. Undefined when the folder itself cannot be read; what a
 * pack takes away meanwhile is passed over.
 */
export const measureBlobs = (directory: string): Promise<BlobMeasure | undefined> =>
	measureFolder(directory, 'tmp').catch(passOver);

const passOver = (error: unknown): undefined => {
	if (systemErrorCode(error) === undefined) throw error;
};

const measureFolder = async (folder: string, left?: string): Promise<BlobMeasure> => {
	let files = 0;
	let bytes = 0;
	for await (const entry of await opendir(folder)) {
		const place = path.join(folder, entry.name);
		if (entry.isDirectory() && entry.name !== left) {
			const inner = (await measureFolder(place).catch(passOver)) ?? {files: 0, bytes: 0};
			files += inner.files;
			bytes += inner.bytes;
		} else if (entry.isFile() && entry.name.endsWith('.blob')) {
			files += 1;
			bytes += await sizeOf(place);
		}
	}
	return {files, bytes};
};

const sizeOf = async (file: string): Promise<number> => {
	try {
		return (await lstat(file)).size;
	} catch {
		return 0;
	}
};
