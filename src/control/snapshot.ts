import {lstatSync, readFileSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {readBootId, readProcessStat} from '../platform/process-stat.js';
import type {Status} from './messages.js';

/** The folder of a control socket's run state: beside it, and hidden, so that a listing shows the socket alone. */
export const runDirectoryOf = (socketPath: string): string =>
	path.join(path.dirname(socketPath), `.${path.basename(socketPath)}.d`);

/** The last status of a supervisor, with what is needed to see that nothing has changed since. */
type Snapshot = {
	readonly boot: string;
	/** Inode of the control socket. */
	readonly socket: number;
	/** Start ticks of the supervisor and of the program. */
	readonly managerStart: number;
	readonly programStart: number | null;
	readonly status: Status;
};

const fileOf = (socketPath: string): string => path.join(runDirectoryOf(socketPath), 'status');

/**
 * Leaves each status that lasts where a client can read it without a connection. Between two lives of a program there
 * is nothing to leave: the last snapshot names one that has ended, so nobody believes it, and the next life
 * shall not wait for a file.
 */
export const snapshotWriter = (socketPath: string): ((status: Status) => void) => {
	// What an earlier supervisor has left is void as well.
	let isVoid = true;
	return status => {
		const {state, pid} = status;
		if (state === 'starting' && pid === null && isVoid) return;
		isVoid = pid !== null;
		writeSnapshot(socketPath, status);
	};
};

// Replaced by rename; when that fails (a full disk), there is none, and clients ask the socket. Never throws.
const writeSnapshot = (socketPath: string, status: Status): void => {
	const file = fileOf(socketPath);
	try {
		const manager = readProcessStat(status.manager);
		if (manager === undefined) return;
		const snapshot: Snapshot = {
			boot: readBootId(),
			socket: lstatSync(socketPath).ino,
			managerStart: manager.startTicks,
			programStart: status.pid === null ? null : (readProcessStat(status.pid)?.startTicks ?? 0),
			status,
		};
		writeFileSync(`${file}.new`, JSON.stringify(snapshot), {mode: 0o600});
		renameSync(`${file}.new`, file);
	} catch {
		removeSnapshot(socketPath);
	}
};

/** Takes the snapshot away, before the supervisor leaves. */
export const removeSnapshot = (socketPath: string): void => {
	try {
		unlinkSync(fileOf(socketPath));
	} catch {
		// There is none.
	}
};

/**
 * The status of a supervisor, without asking it: undefined unless the control socket, the supervisor and the program
 * of the snapshot are the ones that are there now, alive and not stopped. Costs a few reads of `/proc` where a
 * connection costs Node a fifth of its start.
 */
export const readSnapshot = (socketPath: string): Status | undefined => {
	try {
		const snapshot: Snapshot = JSON.parse(readFileSync(fileOf(socketPath), 'utf8'));
		const {status} = snapshot;
		const isCurrent =
			lstatSync(socketPath).ino === snapshot.socket &&
			readBootId() === snapshot.boot &&
			isAwake(status.manager, snapshot.managerStart) &&
			(status.pid === null || isAwake(status.pid, snapshot.programStart));
		return isCurrent
			? {
					...status,
					health: status.health ?? null,
					configuration: status.configuration ?? null,
					handover: status.handover ?? null,
					now: Date.now() / 1000,
				}
			: undefined;
	} catch {
		return undefined;
	}
};

const isAwake = (pid: number, startTicks: number | null): boolean => {
	const stat = readProcessStat(pid);
	return stat !== undefined && stat.startTicks === startTicks && !/[ZXTt]/.test(stat.state);
};
