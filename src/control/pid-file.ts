import {renameSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {runDirectoryOf} from './snapshot.js';

/** Names the process of the supervisor: for systemd, where it runs an init script, and other watchers. */
export const pidFileOf = (socketPath: string): string =>
	path.join(runDirectoryOf(socketPath), 'pid');

/** Says that this process is the supervisor. Never throws: on a full disk there is no such file. */
export const writePidFile = (socketPath: string): void => {
	const file = pidFileOf(socketPath);
	try {
		writeFileSync(`${file}.new`, `${process.pid}\n`, {mode: 0o644});
		renameSync(`${file}.new`, file);
	} catch {
		removePidFile(socketPath);
	}
};

/** The supervisor leaves, and nobody follows. */
export const removePidFile = (socketPath: string): void => {
	try {
		unlinkSync(pidFileOf(socketPath));
	} catch {
		// There is none.
	}
};
