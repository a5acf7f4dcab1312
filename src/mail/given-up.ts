import {readdirSync} from 'node:fs';
import path from 'node:path';

/** How many messages in the outbox of a state directory were given up; 0 where that cannot be seen. */
export const countGivenUp = (stateDirectory: string): number => {
	try {
		return readdirSync(path.join(stateDirectory, 'outbox/given-up')).length;
	} catch {
		return 0;
	}
};
