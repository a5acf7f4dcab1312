import {spawnSync} from 'node:child_process';

/** Whether a lock file can be locked at this moment, in the given way of flock(1). */
export const isLockFree = (lock: string, mode = '-x'): boolean =>
	spawnSync('flock', ['-n', mode, lock, 'true']).status === 0;
