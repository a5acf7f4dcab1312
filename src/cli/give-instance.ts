import {closeSync, constants, fchownSync, openSync} from 'node:fs';

/** Where root makes an instance: the folders that the server writes to become its user's. */
export const giveInstance = (
	folders: readonly string[],
	owner: {readonly uid: number; readonly gid: number} | undefined,
): void => {
	if (process.geteuid?.() !== 0 || owner === undefined) return;
	const {O_RDONLY, O_DIRECTORY, O_NOFOLLOW} = constants;
	for (const folder of folders) {
		const fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		try {
			fchownSync(fd, owner.uid, owner.gid);
		} finally {
			closeSync(fd);
		}
	}
};
