import fs from 'node:fs';
import path from 'node:path';
import {isZeoctlError, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {tryAppending} from '../platform/try-appending.js';

const {O_APPEND, O_CREAT, O_EXCL, O_NOCTTY, O_RDWR, O_WRONLY} = fs.constants;

/** The mode of a new transcript before the umask: it may hold what a server logs, so the world never reads it. */
const transcriptMode = 0o640;

/**
 * Opens the file that becomes the program's stdout and stderr, and returns the descriptor (close-on-exec, the
 * caller closes it). A symbolic link is followed; a device, a terminal or a FIFO is taken as it is. Throws a
 * `TRANSCRIPT` error that names the reason.
 */
export const openTranscript = ({
	path: file,
	umask,
}: {
	readonly path: string;
	readonly umask: number;
}): number => {
	try {
		const present = fs.statSync(file, {throwIfNoEntry: false});
		if (present === undefined) return create(file, transcriptMode & ~umask);
		if (present.isSocket()) throw refusal(file, 'it is a socket');
		// A FIFO opened for writing alone would wait for a reader.
		const access = present.isFIFO() ? O_RDWR : O_WRONLY;
		return fs.openSync(file, access | O_APPEND | O_NOCTTY);
	} catch (error) {
		throw isZeoctlError(error) ? error : refusal(file, reasonOf(file, error), error);
	}
};

/** Throws as `openTranscript` would where the file could not be opened; opens and makes none. */
export const tryTranscript = (file: string): void => {
	try {
		tryAppending(file);
	} catch (error) {
		throw refusal(file, reasonOf(file, error), error);
	}
};

const create = (file: string, mode: number): number => {
	try {
		const descriptor = fs.openSync(file, O_WRONLY | O_APPEND | O_NOCTTY | O_CREAT | O_EXCL, mode);
		// The umask of this process may be stricter than the configured one.
		fs.fchmodSync(descriptor, mode);
		return descriptor;
	} catch (error) {
		// A dangling link, whose target is made; or somebody was faster.
		if (systemErrorCode(error) !== 'EEXIST') throw error;
		return fs.openSync(file, O_WRONLY | O_APPEND | O_NOCTTY | O_CREAT, mode);
	}
};

const reasons: Readonly<Record<string, string>> = {
	EISDIR: 'it is a directory',
	EACCES: 'permission denied',
	EPERM: 'the operating system refuses to write to it',
	EROFS: 'the file system is read-only',
	ENOTDIR: 'a part of its path is not a directory',
	ELOOP: 'too many symbolic links',
	ENOSPC: 'the disk is full',
	ENXIO: 'nothing answers behind this device',
};

const reasonOf = (file: string, error: unknown): string => {
	const code = systemErrorCode(error) ?? '';
	const folder = path.dirname(file);
	if (code === 'ENOENT') return `the folder "${folder}" does not exist`;
	return reasons[code] ?? (error instanceof Error ? error.message : String(error));
};

const refusal = (file: string, reason: string, cause?: unknown): ZeoctlError =>
	new ZeoctlError('TRANSCRIPT', `cannot open the transcript "${file}": ${reason}`, {
		cause,
		hint: renderShellCommand(lookAt(file, cause)),
	});

/** The folder, where there is no file to look at. */
const lookAt = (file: string, cause: unknown): readonly string[] => {
	const folder = path.dirname(file);
	if (systemErrorCode(cause) === 'ENOENT') return makeFolderWords(folder);
	return ['ls', '-ld', fs.existsSync(file) ? file : folder];
};
