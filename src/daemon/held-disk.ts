import {statSync} from 'node:fs';

/** Which of our files are on a disk that is written to, or hangs, so that we would wait for it too. */
export type OnHeldDisk = {readonly status: boolean; readonly history: boolean};

/** Finds that out for the disk with this device number; undefined when it is none of them. */
export const findOnDisk = (
	device: number,
	{runDirectory, stateDirectory}: {readonly runDirectory: string; readonly stateDirectory: string},
): OnHeldDisk | undefined => {
	const isOn = (folder: string) => statSync(folder, {throwIfNoEntry: false})?.dev === device;
	const status = isOn(runDirectory);
	const history = isOn(stateDirectory);
	return status || history ? {status, history} : undefined;
};
