import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {realpath, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {readProcessIo} from '../platform/process-io.js';
import {readProcessStat} from '../platform/process-stat.js';
import type {StorageSettings} from '../settings/settings.js';
import type {Evidence, OpenFile, StorageEvidence} from './phase.js';
import type {Descriptors} from './resource-alarms.js';

/** The processor time and the bytes of a process, as far as they may be seen. */
export const readEffort = (pid: number): Pick<Evidence, 'cpuTicks' | 'ioBytes'> => ({
	cpuTicks: readProcessStat(pid)?.cpuTicks ?? 0,
	ioBytes: readProcessIo(pid)?.bytes ?? null,
});

/** Undefined where they may not be seen. */
export const readDescriptors = (pid: number): Descriptors | undefined => {
	const limit = /^Max open files\s+(\d+)/m.exec(readText(`/proc/${pid}/limits`))?.[1];
	if (limit === undefined) return undefined;
	try {
		// Kernels from 6.2 on tell the number as the size; older ones must list them.
		const {size} = statSync(`/proc/${pid}/fd`);
		return {open: size || readdirSync(`/proc/${pid}/fd`).length, limit: Number(limit)};
	} catch {
		return undefined;
	}
};

/**
 * What the files of each storage show. The descriptors of the server are only looked at where `withDescriptors`
 * says so: there is one for every client, too. Asynchronous, because a dead network file system does not answer.
 */
export const readStorages = async (
	pid: number,
	storages: readonly StorageSettings[],
	withDescriptors: boolean,
): Promise<readonly StorageEvidence[]> => {
	const open = withDescriptors ? listOpenFiles(pid) : undefined;
	const found: StorageEvidence[] = [];
	for (const {name, path} of storages) {
		if (path !== undefined) found.push(await readStorage(name, path, open));
	}
	return found;
};

const readStorage = async (
	name: string,
	path: string,
	open: readonly NamedFile[] | undefined,
): Promise<StorageEvidence> => {
	const realData = await realPath(path);
	// ZODB keeps the other files beside the name that it was given, be it a symbolic link.
	const pack = join(await realPath(dirname(path)), `${basename(path)}.pack`);
	const data = open?.filter(file => file.path === realData);
	return {
		name,
		dataBytes: await sizeOf(realData),
		packBytes: await sizeOf(pack),
		hasIndex: (await sizeOf(`${path}.index`)) !== null,
		readers: data?.filter(file => !file.isWritable) ?? null,
		writer: data?.find(file => file.isWritable) ?? null,
		hasPackOpen: open?.some(file => file.path === pack) ?? null,
	};
};

type NamedFile = OpenFile & {readonly path: string; readonly isWritable: boolean};

/** Undefined when none may be seen: the standard ones are always there. */
const listOpenFiles = (pid: number): readonly NamedFile[] | undefined => {
	try {
		return readdirSync(`/proc/${pid}/fd`).flatMap(name => {
			const path = readLink(`/proc/${pid}/fd/${name}`);
			if (!path.startsWith('/') || path.startsWith('/dev/')) return [];
			const info = readText(`/proc/${pid}/fdinfo/${name}`);
			const position = Number(/^pos:\s*(\d+)/m.exec(info)?.[1] ?? 0);
			const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8);
			return [{descriptor: Number(name), position, path, isWritable: (flags & 3) !== 0}];
		});
	} catch {
		return undefined;
	}
};

const sizeOf = async (path: string): Promise<number | null> => {
	try {
		return (await stat(path)).size;
	} catch {
		return null;
	}
};

const realPath = async (path: string): Promise<string> => {
	try {
		return await realpath(path);
	} catch {
		return path;
	}
};

const readLink = (path: string): string => {
	try {
		return readlinkSync(path);
	} catch {
		return '';
	}
};

const readText = (path: string): string => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
};
