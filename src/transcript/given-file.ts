import fs from 'node:fs';
import path from 'node:path';
import {identityOf} from './live-file.js';

const {O_APPEND, O_NOCTTY, O_WRONLY} = fs.constants;

const notePath = (runDirectory: string): string => path.join(runDirectory, 'output.file');

/**
 * Notes which file a program is given for its output, for a supervisor that adopts the program, unless that is what was
 * noted last. Returns what is noted now.
 */
export const noteGiven = (
	runDirectory: string,
	descriptor: number,
	last?: string,
): string | undefined => {
	const given = identityOf(fs.fstatSync(descriptor));
	if (given === last) return last;
	try {
		fs.writeFileSync(notePath(runDirectory), given, {mode: 0o600});
		return given;
	} catch {
		// A full disk: an adopting supervisor goes by the name of the file.
		return undefined;
	}
};

/**
 * Opens the file that an earlier supervisor gave to a program, by the program's own descriptor: somebody may have
 * renamed it. Undefined when the program no longer writes there, or when it is not a regular file.
 */
export const openGiven = (runDirectory: string, pid: number): number | undefined => {
	const link = `/proc/${pid}/fd/1`;
	try {
		const stats = fs.statSync(link);
		const isGiven = fs.readFileSync(notePath(runDirectory), 'utf8') === identityOf(stats);
		if (!stats.isFile() || !isGiven) return undefined;
		return fs.openSync(link, O_WRONLY | O_APPEND | O_NOCTTY);
	} catch {
		return undefined;
	}
};
