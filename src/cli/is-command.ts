import {accessSync, constants, statSync} from 'node:fs';

/** Whether a file can be run by whoever asks. */
export const isCommand = (file: string): boolean => {
	try {
		accessSync(file, constants.X_OK);
		return statSync(file).isFile();
	} catch {
		return false;
	}
};
