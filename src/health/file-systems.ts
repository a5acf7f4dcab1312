import {stat, statfs} from 'node:fs/promises';
import path from 'node:path';
import type {ServerSettings, Settings} from '../settings/settings.js';
import type {FileSystemRoom} from './resource-alarms.js';

/** Every path that the confs of a supervisor and its server name, and that grows. */
export const listPaths = (
	{runner, eventLog, storages, stateDirectory}: Settings,
	server: ServerSettings | undefined,
	cwd: string,
): readonly string[] => {
	const logs = (eventLog?.handlers ?? []).flatMap(handler =>
		handler.type === 'logfile' && !/^STD(?:OUT|ERR)$/.test(handler.path) ? [handler.path] : [],
	);
	const own = [runner.socketName, runner.transcript, runner.logfile, stateDirectory, ...logs];
	const theirs = [
		...(server?.storages ?? storages).flatMap(({path, blobDirectory}) => [path, blobDirectory]),
		...(server?.logFiles ?? []),
		server?.zeo.pidFilename,
	];
	const all = [...theirs, ...own].filter(each => each !== undefined);
	return [...new Set(all.map(each => path.resolve(cwd, each)))];
};

/**
 * The room on each file system that one of the paths is on, named after the first of them. What cannot be seen is
 * left out. Asynchronous, because a dead network file system does not answer.
 */
export const measureRooms = async (
	paths: readonly string[],
): Promise<readonly FileSystemRoom[]> => {
	const rooms = new Map<number, FileSystemRoom>();
	for (const each of paths) {
		const found = await measure(each);
		if (found !== undefined && !rooms.has(found.device)) rooms.set(found.device, found.room);
	}
	return [...rooms.values()];
};

const measure = async (
	file: string,
): Promise<{readonly device: number; readonly room: FileSystemRoom} | undefined> => {
	try {
		const place = await existing(file);
		const [{dev}, system] = [await stat(place), await statfs(place)];
		const {bavail, bsize, files, ffree} = system;
		return {
			device: dev,
			room: {
				path: file,
				freeBytes: bavail * bsize,
				freeInodesPercent: files > 0 ? Math.floor((ffree / files) * 100) : null,
			},
		};
	} catch {
		return undefined;
	}
};

/** The file itself, or the folder where it will be. */
const existing = async (file: string): Promise<string> => {
	try {
		await stat(file);
		return file;
	} catch {
		return path.dirname(file);
	}
};
