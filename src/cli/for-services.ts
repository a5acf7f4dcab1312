import {statSync} from 'node:fs';
import path from 'node:path';
import {hiddenBy} from '../generate/hidden-paths.js';

/** Whether a service of any user could run a program of root's: one below `/root` serves root alone. */
export const isForServices = (program: string): boolean =>
	hiddenBy(program) === undefined && allows(program, 0o005) && isOpen(path.dirname(program));

const isOpen = (folder: string): boolean =>
	allows(folder, 0o001) && (path.dirname(folder) === folder || isOpen(path.dirname(folder)));

const allows = (file: string, rights: number): boolean => {
	try {
		return (statSync(file).mode & rights) === rights;
	} catch {
		return false;
	}
};
