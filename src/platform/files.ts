import {
	closeSync,
	fchmodSync,
	fchownSync,
	fsyncSync,
	openSync,
	renameSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';

type Ownership = {readonly mode: number; readonly uid?: number; readonly gid?: number};

/**
 * Replaces a file so that a crash at any moment leaves the old or the new content, whole: temporary name, sync,
 * rename, sync of the folder. Owner and group are set where that is allowed. Throws system errors, and leaves no temporary
 * file behind when it does.
 */
export const replaceDurably = (
	file: string,
	content: string | Uint8Array,
	{mode, uid, gid}: Ownership,
): void => {
	const temporary = `${file}.${process.pid}.new`;
	try {
		writeSynced(temporary, content, {
			mode,
			...(uid !== undefined && {uid}),
			...(gid !== undefined && {gid}),
		});
		renameSync(temporary, file);
	} catch (error) {
		removeIfPresent(temporary);
		throw error;
	}
	syncFolder(path.dirname(file));
};

const writeSynced = (
	file: string,
	content: string | Uint8Array,
	{mode, uid, gid}: Ownership,
): void => {
	// Left behind by a crash of a process that had our number.
	removeIfPresent(file);
	const fd = openSync(file, 'wx', 0o600);
	try {
		writeFileSync(fd, content);
		if (gid !== undefined) tryTo(() => fchownSync(fd, -1, gid));
		if (uid !== undefined) tryTo(() => fchownSync(fd, uid, -1));
		fchmodSync(fd, mode);
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};

const syncFolder = (folder: string): void => {
	const fd = openSync(folder, 'r');
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};

const removeIfPresent = (file: string): void => tryTo(() => unlinkSync(file));

const tryTo = (act: () => void): void => {
	try {
		act();
	} catch {
		// Not needed, or not allowed.
	}
};
