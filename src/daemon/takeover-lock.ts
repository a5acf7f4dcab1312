import {spawnSync} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';
import {claimRunDirectory} from '../control/run-directory.js';
import {runDirectoryOf} from '../control/snapshot.js';
import {pathInFolder} from '../control/socket-path.js';
import {unusable} from '../control/socket-trouble.js';
import {systemErrorCode} from '../platform/errors.js';
import {adviseOnOpening, explainOpening} from '../platform/open-trouble.js';

/**
 * Locks the right to remove a stale socket, for as long as the returned descriptor of `SOCKET.d/lock` is open.
 * Undefined when somebody else has held it for a second. `flock` (util-linux) locks the open file that it
 * inherits, so the lock is ours when it has exited.
 */
export const openTakeoverLock = (place: {
	readonly path: string;
	readonly folder: number;
	readonly name: string;
}): number | undefined => {
	const folder = pathInFolder(place.folder, `.${place.name}.d`);
	claimRunDirectory(place.path, folder);
	const lock = openLock(place.path, folder);
	const {status, error} = spawnSync('flock', ['-w', '1', '3'], {
		stdio: ['ignore', 'ignore', 'ignore', lock],
	});
	if (status === 0) return lock;
	closeSync(lock);
	if (error === undefined && status === 1) return undefined;
	throw unusable(place.path, 'the flock command, which guards a stale socket, cannot be run', {
		cause: error,
		hint: 'apt install util-linux',
	});
};

const openLock = (socketPath: string, folder: string): number => {
	const {O_RDWR, O_CREAT, O_NOFOLLOW} = constants;
	try {
		return openSync(`${folder}/lock`, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
	} catch (error) {
		const file = `${runDirectoryOf(socketPath)}/lock`;
		const code = systemErrorCode(error) ?? '';
		throw unusable(socketPath, `its lock '${file}' cannot be opened: ${explainOpening(code)}`, {
			cause: error,
			hint: adviseOnOpening(file, code),
		});
	}
};
