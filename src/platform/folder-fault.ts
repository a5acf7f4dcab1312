import {constants, type Stats} from 'node:fs';

/** What lets somebody else put files into a folder. */
export type FolderFault = 'no-folder' | 'foreign' | 'open';

/**
 * Whether others than these users can have put something into a folder; undefined where they cannot. `found` is of the
 * very name, links not followed.
 */
export const findFolderFault = (
	found: Stats,
	owners: readonly number[],
): FolderFault | undefined => {
	if (!found.isDirectory()) return 'no-folder';
	if (!owners.includes(found.uid)) return 'foreign';
	return (found.mode & (constants.S_IWGRP | constants.S_IWOTH)) === 0 ? undefined : 'open';
};
