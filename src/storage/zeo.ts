import {closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import {errorMessage, systemErrorCode} from '../platform/errors.js';
import {realFile} from '../platform/real-file.js';
import {measureBlobs} from './blobs.js';
import {readContent} from './data-file.js';
import {parseIndexHead} from './index-file.js';
import type {DataFile, FileGlance, IndexFile, StorageKind} from './kind.js';

/** A FileStorage behind ZEO: one file of transactions with its companions (`ZODB/FileStorage/FileStorage.py`). */
export const fileStorage: StorageKind = {
	inspect(dataPath) {
		const index = inspectIndex(`${dataPath}.index`);
		const data = inspectData(dataPath, index?.indexedTo);
		return {
			path: dataPath,
			realPath: realFile(dataPath),
			data,
			old: inspectData(`${dataPath}.old`),
			pack: inspectData(`${dataPath}.pack`),
			index,
			...(data === undefined && {rescued: inspectRescued(dataPath)}),
		};
	},
	isIndexSaved(dataPath) {
		const indexedTo = inspectIndex(`${dataPath}.index`)?.indexedTo;
		const data = inspectData(dataPath, indexedTo);
		switch (data?.content.state) {
			case 'empty':
				return true;
			case 'transactions':
				return indexedTo === data.size - data.content.tail;
			default:
				return undefined;
		}
	},
	glance: dataPath => ({
		data: glanceAt(dataPath),
		old: glanceAt(`${dataPath}.old`),
		pack: glanceAt(`${dataPath}.pack`),
	}),
	rescuePath: (dataPath, time) => `${dataPath}${rescuedSuffix}${time}`,
	packPath: dataPath => `${dataPath}.pack`,
	oldPath: dataPath => `${dataPath}.old`,
	measureBlobs,
	files: ({dataPath, blobDirectory}) => [
		...['', '.index', '.lock', '.tmp', '.old', '.pack'].map(suffix => ({
			path: dataPath + suffix,
			is: 'file' as const,
		})),
		{path: path.dirname(dataPath), is: 'folder'},
		...(blobDirectory === undefined
			? []
			: [
					{path: blobDirectory, is: 'folder' as const},
					{path: path.join(blobDirectory, 'tmp'), is: 'folder' as const},
					{path: path.join(blobDirectory, '.layout'), is: 'file' as const},
				]),
	],
};

const glanceAt = (file: string): FileGlance | undefined => {
	try {
		const {size, ino, mtimeMs} = statSync(file, {bigint: true});
		return {size: Number(size), inode: String(ino), modifiedMs: Number(mtimeMs)};
	} catch {
		return undefined;
	}
};

const rescuedSuffix = '.rescued-';

/** The times in the names sort by themselves. A copy under way ends in `.part`. */
const inspectRescued = (dataPath: string): DataFile | undefined => {
	const beginning = `${path.basename(dataPath)}${rescuedSuffix}`;
	const folder = path.dirname(dataPath);
	const last = namesIn(folder)
		.filter(
			name => name.startsWith(beginning) && /^\d{8}-\d{6}$/.test(name.slice(beginning.length)),
		)
		.toSorted()
		.at(-1);
	return last === undefined ? undefined : inspectData(path.join(folder, last));
};

const namesIn = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};

/** A FIFO in place of a file must not keep us waiting. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

const inspectData = (file: string, indexedTo?: number): DataFile | undefined =>
	look(file, fd => {
		const {size, ino, nlink, mtimeMs} = fstatSync(fd, {bigint: true});
		const reader = {size: Number(size), read: readAt(fd)};
		return {
			path: file,
			size: Number(size),
			inode: String(ino),
			links: Number(nlink),
			modifiedAt: Number(mtimeMs) / 1000,
			magic: reader.read(0, 4).toString('latin1'),
			content: readContent(reader, indexedTo),
		};
	});

const inspectIndex = (file: string): IndexFile | undefined => {
	try {
		const fd = openSync(file, readOnly);
		try {
			const {size, ino} = fstatSync(fd, {bigint: true});
			return {inode: String(ino), ...parseIndexHead(readAt(fd)(0, 32), Number(size))};
		} finally {
			closeSync(fd);
		}
	} catch {
		return undefined;
	}
};

/** A file that is there but cannot be read is not a missing one. */
const look = (file: string, inspect: (fd: number) => DataFile): DataFile | undefined => {
	try {
		const fd = openSync(file, readOnly);
		try {
			return inspect(fd);
		} finally {
			closeSync(fd);
		}
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
		return {
			path: file,
			size: 0,
			inode: '',
			links: 1,
			modifiedAt: 0,
			magic: '',
			content: {
				state: 'unreadable',
				reason: code === 'EISDIR' ? 'it is a folder' : errorMessage(error),
			},
		};
	}
};

const readAt =
	(fd: number) =>
	(position: number, length: number): Buffer => {
		const bytes = Buffer.allocUnsafe(length);
		let count = 0;
		while (count < length) {
			const more = readSync(fd, bytes, count, length - count, position + count);
			if (more === 0) break;
			count += more;
		}
		return bytes.subarray(0, count);
	};
