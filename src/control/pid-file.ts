import path from 'node:path';
import {removeIfPresent, replaceFile} from '../platform/replace-file.js';
import {runDirectoryOf} from './snapshot.js';

/** Names the process of the supervisor: for systemd, where it runs an init script, and other watchers. */
export const pidFileOf = (socketPath: string): string =>
	path.join(runDirectoryOf(socketPath), 'pid');

/** Says that this process is the supervisor. Never throws: on a full disk there is no such file, and the answer is why. */
export const writePidFile = (socketPath: string): unknown => {
	try {
		replaceFile(pidFileOf(socketPath), `${process.pid}\n`, 0o644);
		return undefined;
	} catch (error) {
		return error;
	}
};

/** The supervisor leaves, and nobody follows. */
export const removePidFile = (socketPath: string): void => removeIfPresent(pidFileOf(socketPath));
