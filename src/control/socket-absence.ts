import {lstatSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {longestSocketPath} from './socket-path.js';

/** Whether nothing at all is at the path of a control socket, in a folder that is there: nobody needs to be asked. */
export const isPlainlyAbsent = (socketPath: string): boolean => {
	if (Buffer.byteLength(socketPath) > longestSocketPath) return false;
	try {
		return (
			lstatSync(socketPath, {throwIfNoEntry: false}) === undefined &&
			statSync(dirname(socketPath)).isDirectory()
		);
	} catch {
		return false;
	}
};
