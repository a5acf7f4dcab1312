import {readlinkSync, realpathSync} from 'node:fs';
import path from 'node:path';

/** As many links as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * Where a file really is, or would be created: symbolic links are followed, also one whose target is missing. What
 * cannot be resolved stays as it is. Never throws.
 */
export const realFile = (file: string): string => {
	let place = path.resolve(file);
	for (let count = 0; count < mostLinks; count++) {
		const found = attempt(() => realpathSync(place));
		if (found !== undefined) return found;
		const folder = attempt(() => realpathSync(path.dirname(place))) ?? path.dirname(place);
		place = path.join(folder, path.basename(place));
		const target = attempt(() => readlinkSync(place));
		if (target === undefined) return place;
		place = path.resolve(folder, target);
	}
	return place;
};

const attempt = (look: () => string): string | undefined => {
	try {
		return look();
	} catch {
		return undefined;
	}
};
