import {systemErrorCode} from '../platform/errors.js';

/** Why a log cannot be written, in the words of a status, and how programs print that which do not tell the code. */
const failures: Readonly<Record<string, {readonly words: string; readonly printed?: RegExp}>> = {
	ENOSPC: {words: 'the disk is full', printed: /no space left on device/i},
	EDQUOT: {words: 'the quota is used up', printed: /quota exceeded/i},
	EROFS: {words: 'the file system is read-only', printed: /read-only file system/i},
	EIO: {words: 'the disk reports an error', printed: /input\/output error|i\/o error/i},
	ENOENT: {words: 'its folder does not exist'},
	EISDIR: {words: 'there is a directory in its place'},
	ELOOP: {words: 'there is a symbolic link in its place'},
	EACCES: {words: 'permission denied'},
};

/** Why a log cannot be opened or written. */
export const explainWriteFailure = (error: unknown): string =>
	failures[systemErrorCode(error) ?? '']?.words ??
	(error instanceof Error ? error.message : String(error));

/** What a disk has refused, from a message about it; undefined where the message is of something else. */
export const explainDiskRefusal = (message: string): string | undefined =>
	Object.values(failures).find(({printed}) => printed?.test(message))?.words;
