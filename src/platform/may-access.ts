import {accessSync} from 'node:fs';

/** Whether this process may use what is at a path, by `mode` as of access(2); false also where nothing is there. */
export const mayAccess = (file: string, mode: number): boolean => {
	try {
		accessSync(file, mode);
		return true;
	} catch {
		return false;
	}
};
