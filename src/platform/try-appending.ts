import {accessSync, closeSync, constants, openSync, statSync} from 'node:fs';
import path from 'node:path';

const {O_APPEND, O_WRONLY, W_OK, X_OK} = constants;

/**
 * Throws what the operating system would say if a file were opened to append to it, or made for that. Nothing is made;
 * of what is neither a file nor a folder nothing is known, as opening a device may do something.
 */
export const tryAppending = (file: string): void => {
	const present = statSync(file, {throwIfNoEntry: false});
	if (present === undefined) accessSync(path.dirname(file), W_OK | X_OK);
	else if (present.isFile() || present.isDirectory())
		closeSync(openSync(file, O_WRONLY | O_APPEND));
};
