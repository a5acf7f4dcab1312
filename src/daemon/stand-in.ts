import {closeSync, renameSync} from 'node:fs';
import type {Server} from 'node:net';
import {ZeoctlError} from '../platform/errors.js';
import {type SocketClaim, toClaim} from './instance-lock.js';
import {
	bindTemporary,
	explainFailure,
	openPlace,
	type Place,
	removeLeftovers,
	tryLstat,
	unlinkQuietly,
} from './socket-place.js';
import {openTakeoverLock} from './takeover-lock.js';

/** A control socket that listens, but that nobody finds yet. */
export type StandIn = {
	/**
	 * Gives it the public name of the predecessor's socket, in one step: a client finds the one or the other. Throws
	 * when somebody else has come in between.
	 */
	takeOver(): SocketClaim;
	/** Gives up. */
	release(): void;
};

type StandInOptions = {
	/** Absolute. */
	readonly path: string;
	/** Permissions of the socket file. */
	readonly mode: number;
	readonly gid?: number;
	/** Not listening yet. */
	readonly server: Server;
	/** Inode of the predecessor's socket. */
	readonly predecessor: number;
};

/**
 * Makes the server of a successor listen under a temporary name. It has the right to change the public name from now
 * on, so that nobody takes the predecessor's socket for stale and replaces it meanwhile.
 */
export const standIn = async (options: StandInOptions): Promise<StandIn> => {
	const {path, server, predecessor} = options;
	const place = openPlace(path);
	let lock: number | undefined;
	const release = (): void => {
		unlinkQuietly(place.temporaryName);
		server.close();
		closeSync(place.folder);
		if (lock !== undefined) closeSync(lock);
		lock = undefined;
	};
	try {
		removeLeftovers(place);
		const mine = await bindTemporary(place, server, options);
		lock = lockPlace(place);
		return {
			takeOver() {
				if (tryLstat(place.publicName)?.ino !== predecessor) throw taken(path);
				renameSync(place.temporaryName, place.publicName);
				if (lock !== undefined) closeSync(lock);
				lock = undefined;
				return toClaim(place, mine, server);
			},
			release,
		};
	} catch (error) {
		release();
		throw explainFailure(path, error);
	}
};

/** Seconds to wait for others who look at the socket. */
const lockSeconds = 20;

const lockPlace = (place: Place): number => {
	const deadline = process.uptime() + lockSeconds;
	do {
		const lock = openTakeoverLock(place);
		if (lock !== undefined) return lock;
	} while (process.uptime() < deadline);
	throw taken(place.path);
};

const taken = (path: string): ZeoctlError =>
	new ZeoctlError(
		'ALREADY_SUPERVISED',
		`cannot take over the control socket '${path}': another process has it`,
	);
