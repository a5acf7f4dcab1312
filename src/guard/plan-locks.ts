import path from 'node:path';
import type {DataFile} from './data-file.js';
import {type LockTarget, lockFileOf} from './lock.js';

/** What a start has to lock. */
export type LockPlan = {
	readonly targets: readonly LockTarget[];
	/** Free when the program has ended. */
	readonly lifeLock: string;
};

/** The program's own lock, also where it has no database. */
export const programLockOf = (runDirectory: string): string =>
	path.join(runDirectory, 'program.lock');

/**
 * The locks of the databases, and the program's own: where no database is for it alone, that one is held for life,
 * else it only marks the processes of this instance.
 */
export const planLocks = (
	files: readonly Pick<DataFile, 'file' | 'readOnly'>[],
	programLock: string,
): LockPlan => {
	const databases = files.map(({file, readOnly}) => ({lock: lockFileOf(file), shared: readOnly}));
	const own = databases.find(({shared}) => !shared);
	return {
		targets: [...databases, {lock: programLock, shared: false, unlocked: own !== undefined}],
		lifeLock: own?.lock ?? programLock,
	};
};
