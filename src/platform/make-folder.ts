import {accessSync, constants} from 'node:fs';
import {nearestFolder} from './nearest-folder.js';
import {findUserName} from './passwd.js';

/**
 * The words of the command that makes a missing folder for `user`, by default that of this process, whether root types it
 * or that user: what root makes for itself would be of no use. `isRoot` tells who will type, where that is known.
 */
export const makeFolderWords = (
	folder: string,
	{
		user = findSelf(),
		isRoot = process.geteuid?.() === 0,
	}: {readonly user?: string; readonly isRoot?: boolean} = {},
): readonly string[] => [
	...(isRoot || (user === findSelf() && mayMake(folder)) ? [] : ['sudo']),
	...(user === 'root' ? ['mkdir', '-p'] : ['install', '-d', '-o', user]),
	folder,
];

const findSelf = (): string => findUserName(process.geteuid?.() ?? 0);

const mayMake = (folder: string): boolean => {
	try {
		accessSync(nearestFolder(folder), constants.W_OK);
		return true;
	} catch {
		return false;
	}
};
