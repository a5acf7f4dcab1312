import {type Stats, statSync} from 'node:fs';

/** What stands at a path, links followed; undefined where nothing does, or it cannot be seen. */
export const statIfSeen = (file: string): Stats | undefined => {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};
