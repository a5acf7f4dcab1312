import {accessSync, constants} from 'node:fs';
import {systemReason} from '../platform/errors.js';
import type {ServedWatch} from './served.js';

/** Why the program could not be started now, as far as can be told before it is stopped; undefined: nothing is known. */
export const findObstacle = (
	file: string,
	served: Pick<ServedWatch, 'obstacle'>,
): string | undefined => {
	try {
		accessSync(file, constants.X_OK);
	} catch (error) {
		return `the program ${file} cannot be executed any more: ${systemReason(error)}`;
	}
	return served.obstacle();
};
