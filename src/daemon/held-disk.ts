import {statSync} from 'node:fs';

/** Which of our files are on a disk that is written to, or hangs, so that we would wait for it too. */
export type OnHeldDisk = {readonly status: boolean; readonly history: boolean};

/** Finds that out for the disk with this device number; undefined when it is none of them. */
export const findOnDisk = (
	device: number,
	{runDirectory, stateDirectory}: {readonly runDirectory: string; readonly stateDirectory: string},
): OnHeldDisk | undefined => {
	const status = statSync(runDirectory).dev === device;
	const history = statSync(stateDirectory).dev === device;
	return status || history ? {status, history} : undefined;
};
