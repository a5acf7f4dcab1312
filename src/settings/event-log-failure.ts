import path from 'node:path';
import {systemErrorCode, systemReason, ZeoctlError} from '../platform/errors.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {renderShellCommand, renderShellWord} from '../platform/shell-word.js';

/** The refusal to go on without an event log that the conf asks for. */
export const eventLogFailure = (file: string, error: unknown): ZeoctlError =>
	new ZeoctlError('CONFIGURATION', `cannot open the event log '${file}': ${reasonFor(error)}`, {
		cause: error,
		hint: hintFor(file, error),
	});

const reasonFor = (error: unknown): string =>
	systemErrorCode(error) === 'ENXIO' ? 'nobody reads this pipe' : systemReason(error);

const hintFor = (file: string, error: unknown): string => {
	const folder = renderShellWord(path.dirname(file));
	switch (systemErrorCode(error)) {
		case 'ENOENT':
			return renderShellCommand(makeFolderWords(path.dirname(file)));
		case 'EISDIR':
			return `name a file in the log section, such as: path ${path.join(file, 'event.log')}`;
		case 'EACCES':
		case 'EPERM':
			return `ls -ld ${folder} ${renderShellWord(file)}`;
		case 'ENOSPC':
		case 'EROFS':
			return `df ${folder}`;
		default:
			return 'zeoctl check';
	}
};
