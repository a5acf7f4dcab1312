import {closeSync, linkSync, renameSync, type Stats, unlinkSync} from 'node:fs';
import type {Server} from 'node:net';
import {inItsPlace, unusable} from '../control/socket-trouble.js';
import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString} from '../platform/python-repr.js';
import {identifyOccupant} from './socket-occupant.js';
import {
	bindTemporary,
	createRelease,
	explainFailure,
	explainRefusalOf,
	isSameFile,
	openPlace,
	type Place,
	removeLeftovers,
	tryLink,
	tryLstat,
	unlinkQuietly,
} from './socket-place.js';
import {openTakeoverLock} from './takeover-lock.js';

/** The control socket of one supervisor, held until `release`, which removes its name if it still is ours. */
export type SocketClaim = {
	/** Of the socket file. */
	readonly inode: number;
	/** Whether another supervisor has the path now, because the socket file was deleted. */
	isTaken(): boolean;
	release(): void;
	/** Removes what dead processes have left beside it. */
	tidy(): void;
	/** Keeps the socket under a second name, while a successor may give the public one to its own. */
	keep(): KeptSocket;
};

export type KeptSocket = {
	/**
	 * Gives the public name back to our socket, once the successor is dead. False when somebody else has come in
	 * between, who is the supervisor now.
	 */
	restore(): Promise<boolean>;
	/** The second name is not needed any more. */
	drop(): void;
};

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

// How long to compete with others who claim the same path before giving up.
const competeSeconds = 20;

/**
 * Makes the server listen at a path where nobody else does: bound under a temporary name, then linked into place,
 * which never replaces anything. A stale socket is removed; whatever else is found there is left alone.
 * Fails with a ZeoctlError: ALREADY_SUPERVISED, PERMISSION or SOCKET_UNUSABLE.
 */
export const claimSocket = async (options: ClaimOptions): Promise<SocketClaim> => {
	const {server} = options;
	const place = openPlace(options.path);
	try {
		removeLeftovers(place);
		try {
			const mine = await bindTemporary(place, server, options);
			await takePlace(place, options.note);
			return toClaim(place, mine, server);
		} finally {
			unlinkQuietly(place.temporaryName);
		}
	} catch (error) {
		await new Promise(resolve => server.close(resolve));
		closeSync(place.folder);
		throw explainFailure(place.path, error);
	}
};

/** The claim of a server whose socket has the public name. */
export const toClaim = (place: Place, mine: Stats, server: Server): SocketClaim => ({
	inode: mine.ino,
	isTaken() {
		const present = tryLstat(place.publicName);
		return present !== undefined && !isSameFile(present, mine);
	},
	release: createRelease(place, mine, server),
	tidy: () => removeLeftovers(place),
	keep() {
		unlinkQuietly(place.temporaryName);
		linkSync(place.publicName, place.temporaryName);
		return {
			restore: async () => restore(place, mine),
			drop: () => unlinkQuietly(place.temporaryName),
		};
	},
});

const restore = async (place: Place, mine: Stats): Promise<boolean> => {
	const deadline = process.uptime() + competeSeconds;
	do {
		const lock = openTakeoverLock(place);
		if (lock === undefined) continue;
		try {
			const found = tryLstat(place.publicName);
			if (found !== undefined && isSameFile(found, mine)) return true;
			const isFree = found === undefined || (await isStale(place, found).catch(() => 'taken'));
			if (isFree === 'taken') return false;
			if (!isFree) continue;
			renameSync(place.temporaryName, place.publicName);
			return true;
		} finally {
			closeSync(lock);
		}
	} while (process.uptime() < deadline);
	return false;
};

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
		const isTaken = tryLink(place);
		note(`Unlinking stale socket ${place.path}; sleep 1`);
		return isTaken;
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
