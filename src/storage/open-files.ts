import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {stat} from 'node:fs/promises';

/** A file whatever its name. */
export type Identity = {
	readonly device: bigint;
	readonly inode: bigint;
	readonly size: bigint;
	readonly links: bigint;
};

/** A file that a process has open. */
export type OpenFile = {
	readonly descriptor: number;
	/** Its name now, with ` (deleted)` behind the last one of a file that has none. */
	readonly link: string;
	readonly identity: Identity;
	readonly isWritable: boolean;
};

/** The name by which the file behind a descriptor can be opened, whatever became of its own. */
export const nameOf = (pid: number, descriptor: number): string => `/proc/${pid}/fd/${descriptor}`;

/** The files that a process has open, as far as they may be seen. Never rejects. */
export const listOpenFiles = async (pid: number): Promise<readonly OpenFile[]> => {
	const found: OpenFile[] = [];
	for (const {descriptor, link} of listLinks(pid)) {
		const identity = await identify(nameOf(pid, descriptor));
		if (identity === undefined) continue;
		found.push({descriptor, link, identity, isWritable: isWritable(pid, descriptor)});
	}
	return found;
};

/** Descriptors on files; one of a server on a socket for each client is passed over without a further look. */
const listLinks = (pid: number): readonly {descriptor: number; link: string}[] =>
	(tryTo(() => readdirSync(`/proc/${pid}/fd`)) ?? []).flatMap(name => {
		const link = tryTo(() => readlinkSync(`/proc/${pid}/fd/${name}`)) ?? '';
		return notFiles.test(link) ? [] : [{descriptor: Number(name), link}];
	});

const notFiles = /^(?!\/)|^\/(?:dev\/(?!shm\/)|proc\/|sys\/|memfd:)/;

const isWritable = (pid: number, descriptor: number): boolean => {
	const info = tryTo(() => readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8')) ?? '';
	return (Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8) & 3) !== 0;
};

/** What a name leads to; undefined when that is no file. */
export const identify = async (file: string): Promise<Identity | undefined> => {
	try {
		const found = await stat(file, {bigint: true});
		return found.isFile()
			? {device: found.dev, inode: found.ino, size: found.size, links: found.nlink}
			: undefined;
	} catch {
		return undefined;
	}
};

/** Whether two names lead to one file. */
export const isSame = (one: Identity, other: Identity): boolean =>
	one.device === other.device && one.inode === other.inode;

const tryTo = <Value>(look: () => Value): Value | undefined => {
	try {
		return look();
	} catch {
		return undefined;
	}
};
