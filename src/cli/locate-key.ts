import {readFileSync} from 'node:fs';

/** The first line of a conf that sets a key (ZConfig does not always tell it), or undefined. */
export const locateKey = (file: string | undefined, key: string): number | undefined => {
	if (file === undefined) return undefined;
	try {
		const lines = readFileSync(file, 'utf8').split('\n');
		const index = lines.findIndex(line => /^\s*(\S+)/.exec(line)?.[1]?.toLowerCase() === key);
		return index === -1 ? undefined : index + 1;
	} catch {
		return undefined;
	}
};
