import {claimRunDirectory} from '../control/run-directory.js';
import {runDirectoryOf} from '../control/snapshot.js';
import {findDataFiles} from '../guard/data-file.js';
import {planLocks, programLockOf} from '../guard/plan-locks.js';
import {readProgramRecord} from '../program/program-record.js';
import type {LockLine} from './lock-line.js';
import type {ServedWatch} from './served.js';

/**
 * Begins to lock what the first start will need, which takes another process, while the supervisor is still being set
 * up. Nothing where there is a record of a program, which may be alive and is adopted then. Never throws: what stands in
 * the way is said by the start itself.
 */
export const beginFirstLocks = ({
	line,
	served,
	socketPath,
	directory,
}: {
	readonly line: LockLine;
	readonly served: Pick<ServedWatch, 'last' | 'look'>;
	readonly socketPath: string;
	/** Where the program will run. */
	readonly directory: string;
}): void => {
	const runDirectory = runDirectoryOf(socketPath);
	if (typeof readProgramRecord(runDirectory) === 'object') return;
	try {
		claimRunDirectory(socketPath);
		const files = findDataFiles(served.look().storages, directory);
		line.begin(planLocks(files, programLockOf(runDirectory)).targets);
	} catch {
		// The folder, or the conf, is not usable.
	}
};
