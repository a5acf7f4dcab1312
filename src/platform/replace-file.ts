import {renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {systemErrorCode} from './errors.js';

/**
 * Replaces a file by rename, for readers that must see it whole; not synced. A file that cannot be replaced is removed,
 * because what it says is not true any more, and the system error is thrown. Nothing that stands at the temporary name
 * is ever written to or followed.
 */
export const replaceFile = (file: string, content: string, mode: number): void => {
	const temporary = `${file}.new`;
	try {
		writeNew(temporary, content, mode);
		renameSync(temporary, file);
	} catch (error) {
		for (const name of [temporary, file]) removeIfPresent(name);
		throw error;
	}
};

const writeNew = (file: string, content: string, mode: number): void => {
	const options = {mode, flag: 'wx'};
	try {
		writeFileSync(file, content, options);
	} catch (error) {
		if (systemErrorCode(error) !== 'EEXIST') throw error;
		// Left behind by a process that was killed.
		unlinkSync(file);
		writeFileSync(file, content, options);
	}
};

/** Removes a file; one that is not there, or cannot be removed, is as good. */
export const removeIfPresent = (file: string): void => {
	try {
		unlinkSync(file);
	} catch {
		// There is none.
	}
};
