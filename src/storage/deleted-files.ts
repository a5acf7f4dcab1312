import {readdirSync, readlinkSync} from 'node:fs';

/** Whether a process has files open that have no name any more: whoever has none needs no closer look. Never throws. */
export const hasDeletedFiles = (pid: number): boolean => {
	const folder = `/proc/${pid}/fd`;
	try {
		return readdirSync(folder).some(fd => isDeleted(`${folder}/${fd}`));
	} catch {
		// Gone, or not ours to look at.
		return false;
	}
};

const isDeleted = (link: string): boolean => {
	try {
		return readlinkSync(link).endsWith(' (deleted)');
	} catch {
		return false;
	}
};
