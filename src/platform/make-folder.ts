import {constants} from 'node:fs';
import {mayAccess} from './may-access.js';
import {nearestFolder} from './nearest-folder.js';
import {ownUserName} from './passwd.js';

/**
 * The words of the command that makes a missing folder for `user`, by default that of this process, whether root types it
 * or that user: what root makes for itself would be of no use. `isRoot` tells who will type, where that is known.
 */
export const makeFolderWords = (
	folder: string,
	{
		user = ownUserName(),
		isRoot = process.geteuid?.() === 0,
	}: {readonly user?: string; readonly isRoot?: boolean} = {},
): readonly string[] => [
	...(isRoot || (user === ownUserName() && mayAccess(nearestFolder(folder), constants.W_OK))
		? []
		: ['sudo']),
	...(user === 'root' ? ['mkdir', '-p'] : ['install', '-d', '-o', user]),
	folder,
];
