import {chownSync, constants, copyFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {errorMessage, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';
import {realFile} from '../platform/real-file.js';
import type {DraftedFile} from '../settings/drafts.js';

/** A file that was written, and where its former content is; undefined for a new file. */
export type ReplacedFile = {readonly file: string; readonly backup: string | undefined};

/**
 * Writes drafts in place of the files, which keep owner and mode. All former files are copied beside them before
 * the first one is changed.
 */
export const replaceFiles = (files: readonly DraftedFile[]): readonly ReplacedFile[] => {
	const backups = files.map(({file, before}) => ({
		file,
		backup: before === undefined ? undefined : attempt(file, () => backUp(realFile(file))),
	}));
	for (const {file, after} of files) attempt(file, () => replace(realFile(file), after));
	return backups;
};

const replace = (file: string, text: string): void => {
	const old = statSync(file, {throwIfNoEntry: false});
	const {uid, gid} = old ?? statSync(path.dirname(file));
	const mode = old === undefined ? 0o644 : old.mode & 0o7777;
	replaceDurably(file, Buffer.from(text, 'latin1'), {mode, uid, gid});
};

/** The first name that is free: what was kept before is never overwritten. */
const backUp = (file: string): string => {
	for (let number = 1; ; number++) {
		const backup = `${file}.before-migrate${number === 1 ? '' : `-${number}`}`;
		try {
			copyFileSync(file, backup, constants.COPYFILE_EXCL);
			const {uid, gid} = statSync(file);
			if (process.geteuid?.() === 0) chownSync(backup, uid, gid);
			return backup;
		} catch (error) {
			if (systemErrorCode(error) !== 'EEXIST') throw error;
		}
	}
};

const attempt = <Value>(file: string, work: () => Value): Value => {
	try {
		return work();
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === undefined) throw error;
		throw new ZeoctlError(
			code === 'EACCES' || code === 'EPERM' ? 'PERMISSION' : 'CONFIGURATION',
			`cannot change '${file}': ${errorMessage(error)}`,
			{cause: error},
		);
	}
};
