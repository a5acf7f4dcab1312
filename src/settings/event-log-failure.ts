import path from 'node:path';
import {systemErrorCode, systemReason} from '../platform/errors.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {renderShellCommand, renderShellWord} from '../platform/shell-word.js';
import type {LogFilePlaces} from '../schema/log-handlers.js';
import {ConfigurationError} from './configuration-error.js';

/** A file of an event log, and where the conf asks for it. */
type LogFile = {readonly path: string; readonly places?: LogFilePlaces};

/**
 * What `work` makes of a key of a `<logfile>`. Where it throws, the refusal to go on without an event log that the conf
 * asks for, with the place of the key.
 */
export const useForEventLog = <Value>(
	{path: file, places}: LogFile,
	key: keyof LogFilePlaces,
	work: () => Value,
): Value => {
	try {
		return work();
	} catch (error) {
		const {url, line} = places?.[key] ?? {};
		const style = line === undefined ? 'none' : 'value';
		const message = `cannot open the event log '${file}': ${reasonFor(error)}`;
		throw new ConfigurationError([{message, style, url, line}], hints[key](file, error));
	}
};

const reasonFor = (error: unknown): string =>
	systemErrorCode(error) === 'ENXIO' ? 'nobody reads this pipe' : systemReason(error);

const hintForPath = (file: string, error: unknown): string => {
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

const hints: Readonly<Record<keyof LogFilePlaces, (file: string, error: unknown) => string>> = {
	path: hintForPath,
	when: () => "write one of S M H D MIDNIGHT W0 to W6 behind 'when'",
	encoding: () => "write 'encoding utf-8', or delete the line, which means the same",
};
