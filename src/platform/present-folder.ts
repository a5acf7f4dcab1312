import {readlinkSync} from 'node:fs';

/**
 * The present folder. One that has been deleted keeps its name, which the kernel marks (`/srv/old (deleted)`): what is
 * relative to it is then missing, and what is absolute works.
 */
export const presentFolder = (): string => {
	try {
		return process.cwd();
	} catch {
		return readlinkSync('/proc/self/cwd');
	}
};

/** Whether a folder that is missing is the present one, and was deleted. */
export const isPresentFolder = (folder: string): boolean => folder === presentFolder();
