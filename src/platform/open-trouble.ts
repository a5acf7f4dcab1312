import {renderShellCommand} from './shell-word.js';

const reasons: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'the file system is mounted read-only',
	ELOOP: 'it is a symbolic link',
	ENOSPC: 'no space is left on the device',
	EDQUOT: 'the disk quota is exceeded',
	EISDIR: 'it is a folder',
};

/** Why a file that is opened without following a link cannot be had, by its system error code. */
export const explainOpening = (code: string): string => reasons[code] ?? code;

/** What to type then: a link in the place of a file of ours is worth nothing. */
export const adviseOnOpening = (file: string, code: string): string =>
	renderShellCommand(code === 'ELOOP' ? ['rm', file] : ['ls', '-ld', file]);
