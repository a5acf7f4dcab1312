import {readlinkSync, statSync} from 'node:fs';
import path from 'node:path';
import {readProcessStat} from '../platform/process-stat.js';
import {listDescriptors, listPids} from './processes.js';

/** A file by its identity. */
export type FileIdentity = {readonly dev: bigint; readonly ino: bigint; readonly name: string};

/** The identity of a file behind symbolic links, or undefined if there is none to be seen. */
export const identifyFile = (file: string): FileIdentity | undefined => {
	try {
		const {dev, ino} = statSync(file, {bigint: true});
		return {dev, ino, name: path.basename(file)};
	} catch {
		return undefined;
	}
};

/** Whether a process holds one of some sockets, as far as its descriptors can be seen. */
export const holdsSocket = (pid: number, inodes: ReadonlySet<number>): boolean =>
	listDescriptors(pid).some(fd => {
		const inode = /^socket:\[(\d+)\]$/.exec(readLink(pid, fd))?.[1];
		return inode !== undefined && inodes.has(Number(inode));
	});

/** Whether a process has a file open, by a descriptor that `accept` wants, as far as they can be seen. */
export const hasOpen = (
	pid: number,
	file: FileIdentity,
	accept: (fd: string) => boolean = () => true,
): boolean =>
	listDescriptors(pid).some(fd => isOn({pid, fd, link: readLink(pid, fd)}, file) && accept(fd));

/** Whether a process has a file open that was deleted under this name, by a descriptor that `accept` wants. */
export const hasDeleted = (pid: number, file: string, accept: (fd: string) => boolean): boolean =>
	listDescriptors(pid).some(fd => wasAt(file, readLink(pid, fd)) && accept(fd));

/** Both in one look: whether a process has what is at a path open, or what was deleted there. */
export const hasOpenOrDeleted = (
	pid: number,
	file: string,
	present: FileIdentity | undefined,
	accept: (fd: string) => boolean,
): boolean =>
	listDescriptors(pid).some(fd => {
		const link = readLink(pid, fd);
		const isPresent = present !== undefined && isOn({pid, fd, link}, present);
		return (isPresent || wasAt(file, link)) && accept(fd);
	});

/** Whether we may see what a process has open; the list of its descriptors alone does not tell. */
export const canLookInto = (pid: number): boolean =>
	listDescriptors(pid).some(fd => readLink(pid, fd) !== '');

/**
 * The process among those that can be seen which satisfies a condition, the oldest if there are several (workers
 * inherit what their parent opened). Looks at every process: 5 to 57 ms.
 */
export const findOldestProcess = (accept: (pid: number) => boolean): number | undefined => {
	let oldest: {readonly pid: number; readonly startTicks: number} | undefined;
	for (const pid of listPids()) {
		if (accept(pid)) {
			const startTicks = readProcessStat(pid)?.startTicks ?? Number.POSITIVE_INFINITY;
			oldest = oldest === undefined || startTicks < oldest.startTicks ? {pid, startTicks} : oldest;
		}
	}

	return oldest?.pid;
};

type Descriptor = {readonly pid: number; readonly fd: string; readonly link: string};

const isOn = ({pid, fd, link}: Descriptor, file: FileIdentity): boolean =>
	couldBe(link, file.name) && isFile(`/proc/${pid}/fd/${fd}`, file);

const wasAt = (file: string, link: string): boolean => link === `${file} (deleted)`;

/** A cheap look before `stat`, which may hang on the file system of a descriptor that is none of ours. */
const couldBe = (link: string, name: string): boolean =>
	path.basename(link.replace(/ \(deleted\)$/, '')) === name;

const isFile = (file: string, {dev, ino}: FileIdentity): boolean => {
	const found = identifyFile(file);
	return found !== undefined && found.dev === dev && found.ino === ino;
};

const readLink = (pid: number, fd: string): string => {
	try {
		return readlinkSync(`/proc/${pid}/fd/${fd}`);
	} catch {
		return '';
	}
};
