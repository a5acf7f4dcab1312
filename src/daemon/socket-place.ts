import {
	chmodSync,
	chownSync,
	closeSync,
	linkSync,
	lstatSync,
	readdirSync,
	type Stats,
	unlinkSync,
} from 'node:fs';
import type {Server} from 'node:net';
import {basename, dirname} from 'node:path';
import {openFolder, pathInFolder, temporaryAddress} from '../control/socket-path.js';
import {explainPermission, explainRefusal, unusable} from '../control/socket-trouble.js';
import {isZeoctlError, systemErrorCode} from '../platform/errors.js';

/** The folder is held open as long as the server listens: Node removes the name it was bound to on close. */
export type Place = {
	readonly path: string;
	readonly folder: number;
	readonly name: string;
	readonly publicName: string;
	readonly temporaryName: string;
};

/** Throws a ZeoctlError where the folder or the name cannot be used. */
export const openPlace = (path: string): Place => {
	let folder: number;
	try {
		folder = openFolder(dirname(path));
	} catch (error) {
		throw explainFailure(path, error);
	}
	try {
		const temporaryName = temporaryAddress(path, folder);
		const name = basename(path);
		return {path, folder, name, publicName: pathInFolder(folder, name), temporaryName};
	} catch (error) {
		closeSync(folder);
		throw error;
	}
};

/** Removes the names of supervisors that were killed while they claimed the socket. */
export const removeLeftovers = ({folder, name}: Place): void => {
	let entries: string[] = [];
	try {
		entries = readdirSync(pathInFolder(folder, '.'));
	} catch {}
	for (const entry of entries) {
		const pid = entry.startsWith(`${name}.`) ? entry.slice(name.length + 1) : '';
		if (!/^\d+$/.test(pid) || !(Number(pid) === process.pid || isDead(Number(pid)))) continue;
		const path = pathInFolder(folder, entry);
		if (tryLstat(path)?.isSocket()) unlinkQuietly(path);
	}
};

/** Listens under the temporary name, with these permissions; resolves to what the socket file is. */
export const bindTemporary = async (
	{temporaryName}: Place,
	server: Server,
	{mode, gid}: {readonly mode: number; readonly gid?: number},
): Promise<Stats> => {
	await listen(server, temporaryName);
	if (gid !== undefined) chownSync(temporaryName, -1, gid);
	chmodSync(temporaryName, mode);
	return lstatSync(temporaryName);
};

// Binding happens inside of `listen`, so the file never exists with wider permissions than 0700.
const listen = (server: Server, path: string): Promise<void> =>
	new Promise((resolve, reject) => {
		server.once('error', reject);
		server.once('listening', () => {
			server.off('error', reject);
			resolve();
		});
		const umask = process.umask(0o077);
		try {
			server.listen({path, backlog: 511});
		} finally {
			process.umask(umask);
		}
	});

/** Takes the public name away if it still is ours, and lets go of the folder once the server has closed. */
export const createRelease = (place: Place, mine: Stats, server: Server): (() => void) => {
	let isReleased = false;
	return () => {
		if (isReleased) return;
		isReleased = true;
		const present = tryLstat(place.publicName);
		if (present !== undefined && isSameFile(present, mine)) unlinkQuietly(place.publicName);
		const closeFolder = () => closeSync(place.folder);
		if (server.listening) server.once('close', closeFolder);
		else closeFolder();
	};
};

/** Gives the socket its public name, unless that is taken. */
export const tryLink = ({temporaryName, publicName}: Place): boolean => {
	try {
		linkSync(temporaryName, publicName);
		return true;
	} catch (error) {
		if (systemErrorCode(error) === 'EEXIST') return false;
		throw error;
	}
};

/** Whether two names were of one file. */
export const isSameFile = (one: Stats, other: Stats): boolean =>
	one.ino === other.ino && one.dev === other.dev;

const isDead = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return systemErrorCode(error) === 'ESRCH';
	}
};

/** Undefined where there is nothing to be seen. */
export const tryLstat = (path: string): Stats | undefined => {
	try {
		return lstatSync(path);
	} catch {
		return undefined;
	}
};

/** A name that has gone already is as good. */
export const unlinkQuietly = (path: string): void => {
	try {
		unlinkSync(path);
	} catch {}
};

/** System errors in words; others as they are. */
export const explainFailure = (path: string, error: unknown): unknown => {
	const code = systemErrorCode(error);
	return isZeoctlError(error) || code === undefined ? error : explainRefusalOf(path, code);
};

/** The words for a system error's code. */
export const explainRefusalOf = (path: string, code: string): unknown => {
	try {
		if (code === 'EACCES' || code === 'EPERM') return explainPermission(path);
		explainRefusal(path, code);
		return unusable(path, `the operating system says ${code}`);
	} catch (error) {
		return error;
	}
};
