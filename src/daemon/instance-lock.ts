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
import {longestSocketPath, openFolder, pathInFolder} from '../control/socket-path.js';
import {
	explainPermission,
	explainRefusal,
	inItsPlace,
	unusable,
} from '../control/socket-trouble.js';
import {isZeoctlError, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {renderPythonString} from '../platform/python-repr.js';
import {identifyOccupant} from './socket-occupant.js';
import {openTakeoverLock} from './takeover-lock.js';

/** The control socket of one supervisor, held until `release`, which removes its name if it still is ours. */
export type SocketClaim = {release(): void};

type ClaimOptions = {
	/** Absolute. */
	readonly path: string;
	/** Permissions of the socket file. */
	readonly mode: number;
	/** Group of the socket file, if not that of the process. */
	readonly gid?: number;
	/** Not listening yet; it serves from the moment the claim succeeds, and is closed if it fails. */
	readonly server: Server;
	/** Hears what a person should know, such as the removal of a stale socket. */
	readonly note: (text: string) => void;
};

/** The folder is held open as long as the server listens: Node removes the name it was bound to on close. */
type Place = {
	readonly path: string;
	readonly folder: number;
	readonly name: string;
	readonly publicName: string;
	readonly temporaryName: string;
};

// How long to compete with others who claim the same path before giving up.
const competeSeconds = 20;

/**
 * Makes the server listen at a path where nobody else does: bound under a temporary name, then linked into place,
 * which never replaces anything. A stale socket is removed; whatever else is found there is left alone.
 * Fails with a ZeoctlError: ALREADY_SUPERVISED, PERMISSION or SOCKET_UNUSABLE.
 */
export const claimSocket = async (options: ClaimOptions): Promise<SocketClaim> => {
	const {server, mode, gid} = options;
	const place = openPlace(options.path);
	try {
		removeLeftovers(place);
		await listen(server, place.temporaryName);
		try {
			if (gid !== undefined) chownSync(place.temporaryName, -1, gid);
			chmodSync(place.temporaryName, mode);
			const mine = lstatSync(place.temporaryName);
			await takePlace(place, options.note);
			return {release: createRelease(place, mine, server)};
		} finally {
			unlinkQuietly(place.temporaryName);
		}
	} catch (error) {
		await new Promise(resolve => server.close(resolve));
		closeSync(place.folder);
		throw explainFailure(place.path, error);
	}
};

const openPlace = (path: string): Place => {
	let folder: number;
	try {
		folder = openFolder(dirname(path));
	} catch (error) {
		throw explainFailure(path, error);
	}
	const name = basename(path);
	const temporaryName = pathInFolder(folder, `${name}.${process.pid}`);
	if (Buffer.byteLength(temporaryName) > longestSocketPath) {
		closeSync(folder);
		throw unusable(path, 'its name is longer than a socket address allows', {
			hint: 'set a shorter socket-name in the configuration',
		});
	}
	return {path, folder, name, publicName: pathInFolder(folder, name), temporaryName};
};

// Names of supervisors that were killed while they claimed the socket.
const removeLeftovers = ({folder, name}: Place): void => {
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

const takePlace = async (place: Place, note: (text: string) => void): Promise<void> => {
	const deadline = process.uptime() + competeSeconds;
	while (!tryLink(place)) {
		const found = tryLstat(place.publicName);
		if (found !== undefined && (await isStale(place, found))) {
			if (await replaceStale(place, found, note)) return;
		}
		if (process.uptime() > deadline) {
			throw unusable(place.path, 'other processes keep claiming it');
		}
	}
};

// Only under the lock may a name be removed, and only if nothing has happened to it since it was found stale.
const replaceStale = async (
	place: Place,
	found: Stats,
	note: (text: string) => void,
): Promise<boolean> => {
	const lock = openTakeoverLock(place);
	if (lock === undefined) return false;
	try {
		if (!(await isStale(place, found))) return false;
		const present = tryLstat(place.publicName);
		if (present?.birthtimeMs !== found.birthtimeMs || !isSameFile(present, found)) return false;
		unlinkSync(place.publicName);
		note(`Unlinking stale socket ${place.path}; sleep 1`);
		return tryLink(place);
	} finally {
		closeSync(lock);
	}
};

// False when the name has gone meanwhile; whoever is alive or unknown behind it is an error.
const isStale = async ({path, publicName}: Place, found: Stats): Promise<boolean> => {
	if (!found.isSocket()) {
		throw inItsPlace(path, found);
	}
	const occupant = await identifyOccupant(publicName);
	switch (occupant.occupant) {
		case 'gone':
			return false;
		case 'nobody':
			return true;
		case 'unreachable':
			throw explainRefusalOf(path, occupant.code);
		case 'manager':
			throw new ZeoctlError(
				'ALREADY_SUPERVISED',
				`Another zrdun is already up using socket ${renderPythonString(path)}:\n${occupant.status ?? 'it does not answer'}`,
			);
	}
};

const createRelease = (place: Place, mine: Stats, server: Server): (() => void) => {
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

const tryLink = ({temporaryName, publicName}: Place): boolean => {
	try {
		linkSync(temporaryName, publicName);
		return true;
	} catch (error) {
		if (systemErrorCode(error) === 'EEXIST') return false;
		throw error;
	}
};

const isSameFile = (one: Stats, other: Stats): boolean =>
	one.ino === other.ino && one.dev === other.dev;

const isDead = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return systemErrorCode(error) === 'ESRCH';
	}
};

const tryLstat = (path: string): Stats | undefined => {
	try {
		return lstatSync(path);
	} catch {
		return undefined;
	}
};

const unlinkQuietly = (path: string): void => {
	try {
		unlinkSync(path);
	} catch {}
};

const explainFailure = (path: string, error: unknown): unknown => {
	const code = systemErrorCode(error);
	return isZeoctlError(error) || code === undefined ? error : explainRefusalOf(path, code);
};

const explainRefusalOf = (path: string, code: string): unknown => {
	try {
		if (code === 'EACCES' || code === 'EPERM') return explainPermission(path);
		explainRefusal(path, code);
		return unusable(path, `the operating system says ${code}`);
	} catch (error) {
		return error;
	}
};
