import {lstatSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {readBootId, readProcessStat} from '../platform/process-stat.js';
import {removeIfPresent, replaceFile} from '../platform/replace-file.js';
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

type SnapshotsOptions = {
	readonly socketPath: string;
	/** Inode of the supervisor's own socket: once another supervisor has the path, its status is the one to leave. */
	readonly socket: number;
	/** Calls back with every new status, until the returned function is called. */
	readonly watch: (listener: (status: Status) => void) => () => void;
	/** Calls back after so many milliseconds; the returned function cancels. */
	readonly after: (ms: number, callback: () => void) => () => void;
};

/**
 * Leaves each status that lasts where a client can read it without a connection. Between two lives of a program there
 * is nothing to leave: the last snapshot names one that has ended, so nobody believes it, and neither
 * the next life nor the end of a supervisor shall wait for a file. While a program is asked to end, the last status
 * stands for a moment longer.
 */
export const leaveSnapshots = ({
	socketPath,
	socket,
	watch,
	after,
}: SnapshotsOptions): {close(): void} => {
	// What an earlier supervisor has left is void as well.
	let isVoid = true;
	let cancel = (): void => undefined;
	const write = (status: Status): void => {
		isVoid = status.pid !== null;
		writeSnapshot({socketPath, socket, status});
	};
	const unwatch = watch(status => {
		cancel();
		const {state, pid} = status;
		if (state === 'starting' && pid === null && isVoid) return;
		const isPassing = state === 'stopping' || state === 'killing' || pid === null;
		if (isPassing && isVoid) cancel = after(passingMs, () => write(status));
		else write(status);
	});
	return {
		close() {
			unwatch();
			cancel();
		},
	};
};

/** Milliseconds after which a state on the way to the next one is worth a file. */
const passingMs = 50;

// Replaced by rename; when that fails (a full disk), there is none, and clients ask the socket. Never throws.
const writeSnapshot = ({
	socketPath,
	socket,
	status,
}: Pick<SnapshotsOptions, 'socketPath' | 'socket'> & {readonly status: Status}): void => {
	const file = fileOf(socketPath);
	try {
		const manager = readProcessStat(status.manager);
		if (manager === undefined || lstatSync(socketPath).ino !== socket) return;
		const snapshot: Snapshot = {
			boot: readBootId(),
			socket,
			managerStart: manager.startTicks,
			programStart: status.pid === null ? null : (readProcessStat(status.pid)?.startTicks ?? 0),
			status,
		};
		replaceFile(file, JSON.stringify(snapshot), 0o600);
	} catch {
		removeSnapshot(socketPath);
	}
};

/** Takes the snapshot away, before the supervisor leaves. */
export const removeSnapshot = (socketPath: string): void => removeIfPresent(fileOf(socketPath));

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
