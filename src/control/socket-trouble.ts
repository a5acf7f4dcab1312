import {lstatSync, type Stats, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {findUserName, ownUserName} from '../platform/passwd.js';
import {isPresentFolder} from '../platform/present-folder.js';
import {quoteLine} from './json-codec.js';
import {findListener} from './socket-listener.js';

/** What a refused connection means, by its system error code: a plain absence, or a ZeoctlError is thrown. */
export const explainRefusal = (socketPath: string, code: string): 'absent' | 'stale' => {
	switch (code) {
		case 'ENOENT':
			if (tryStat(dirname(socketPath)) !== undefined) return 'absent';
			throw unusable(socketPath, `its folder '${dirname(socketPath)}' does not exist`, {
				...(isPresentFolder(dirname(socketPath))
					? {hint: 'this folder has been deleted: cd to another one'}
					: {place: dirname(socketPath)}),
			});
		case 'ECONNREFUSED': {
			const found = tryStat(socketPath);
			if (found === undefined) return 'absent';
			if (found.isSocket()) return 'stale';
			throw inItsPlace(socketPath, found);
		}
		case 'EACCES':
		case 'EPERM': {
			// The right to write is asked for before it is seen that this is no socket.
			refuseOccupied(socketPath);
			throw explainPermission(socketPath);
		}
		case 'ENOTDIR':
			throw unusable(socketPath, `a part of '${dirname(socketPath)}' is not a folder`);
		case 'EPROTOTYPE':
			throw unusable(socketPath, 'a datagram socket is in its place');
		default:
			throw unusable(socketPath, `the operating system says ${code}`);
	}
};

/** The error of a supervisor that accepts connections but did not answer within `timeoutMs`. */
export const explainHang = (socketPath: string, timeoutMs: number): ZeoctlError => {
	const listener = findListener(socketPath);
	const silence = `cannot get an answer at '${socketPath}' within ${timeoutMs / 1000} s`;
	if (listener === undefined) {
		return new ZeoctlError('SUPERVISOR_HUNG', `${silence}: its process is not visible from here`, {
			hint: 'find the process as root: ss -xlp',
		});
	}
	const {pid, name, isSupervisor, isStopped} = listener;
	const state = isStopped ? 'is stopped by a signal' : 'accepts connections and does not reply';
	if (!isSupervisor)
		return new ZeoctlError(
			'SUPERVISOR_HUNG',
			`${silence}: its process ${pid} (${quoteLine(name)}) ${state}, and is no supervisor by its command`,
			{hint: `ps -fp ${pid}`},
		);
	return new ZeoctlError('SUPERVISOR_HUNG', `${silence}: its process ${pid} ${state}`, {
		hint: isStopped ? `kill -CONT ${pid}` : `kill -KILL ${pid}`,
	});
};

/** The error of a process that speaks neither protocol: with its first line, empty if it hung up. */
export const explainAnswer = (socketPath: string, firstLine: string): ZeoctlError => {
	const what = firstLine === '' ? 'nothing' : quoteLine(firstLine);
	return new ZeoctlError(
		'PROTOCOL',
		`cannot talk to the process at '${socketPath}': it answers ${what}`,
		{hint: 'see who listens there: ss -xlp'},
	);
};

/** Throws where something stands at the path that is no socket. */
export const refuseOccupied = (socketPath: string): void => {
	const found = tryStat(socketPath);
	if (found !== undefined && !found.isSocket()) throw inItsPlace(socketPath, found);
};

/** The error of a path where something stands that is no socket. */
export const inItsPlace = (socketPath: string, found: Stats): ZeoctlError =>
	unusable(socketPath, `a ${kindOf(found)} is in its place`, {
		hint: 'move it away, or set another socket-name',
	});

/** What stands at a path, in a word. */
export const kindOf = (found: Stats): string => {
	if (found.isDirectory()) return 'folder';
	if (found.isSymbolicLink()) return 'symbolic link';
	if (found.isFIFO()) return 'named pipe';
	return found.isFile() ? 'file' : 'device';
};

/** A socket path at which no supervisor can be, for this reason. */
export const unusable = (
	socketPath: string,
	why: string,
	options?: {
		readonly cause?: unknown;
		readonly hint?: string;
		readonly asUser?: string;
		readonly place?: string;
	},
): ZeoctlError =>
	new ZeoctlError(
		'SOCKET_UNUSABLE',
		`cannot use the control socket '${socketPath}': ${why}`,
		options ?? {},
	);

/** The error of a socket that belongs to somebody else, with the user to become. */
export const explainPermission = (socketPath: string): ZeoctlError => {
	const {path, uid} = findGuard(socketPath);
	const owner = findUserName(uid);
	const me = ownUserName();
	const what = path === socketPath ? 'it' : `the folder '${path}'`;
	return new ZeoctlError(
		'PERMISSION',
		`cannot use the control socket '${socketPath}': ${what} belongs to ${owner}, this is ${me}`,
		// Root has become the user of the instance by now, so that the same command alone would not do.
		{
			...{asUser: owner, place: path},
			...(path !== socketPath && {hint: `set socket-name in a folder of ${me}`}),
		},
	);
};

// The deepest part of the path that can be seen: the socket itself, or the folder that lets nobody through.
const findGuard = (path: string): {path: string; uid: number} => {
	for (;;) {
		const found = tryStat(path, lstatSync);
		if (found !== undefined || path === '/') return {path, uid: found?.uid ?? 0};
		path = dirname(path);
	}
};

const tryStat = (path: string, stat: (path: string) => Stats = statSync): Stats | undefined => {
	try {
		return stat(path);
	} catch {
		return undefined;
	}
};
