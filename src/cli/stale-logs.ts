import {readdirSync, readlinkSync} from 'node:fs';
import path from 'node:path';

/**
 * Where a process still writes what belongs into these logs: files that were renamed (`zeo.log.1`, `zeo.log-20261123`)
 * or deleted since it has opened them. Nothing where its descriptors may not be seen.
 */
export const findStaleLogs = (pid: number, logs: readonly string[]): readonly string[] => {
	const open = [...new Set(openFiles(pid))];
	return open.filter(file => !logs.includes(file) && logs.some(log => isFormer(file, log)));
};

/** The names that logrotate gives, and those of files that are gone. */
const isFormer = (file: string, log: string): boolean =>
	file.startsWith(log) && /^(?:[.-]\d[\d.-]*)?(?: \(deleted\))?$/.test(file.slice(log.length));

const openFiles = (pid: number): readonly string[] => {
	const folder = `/proc/${pid}/fd`;
	return list(folder).flatMap(name => target(path.join(folder, name)) ?? []);
};

const list = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};

const target = (link: string): string | undefined => {
	try {
		return readlinkSync(link);
	} catch {
		return undefined;
	}
};
