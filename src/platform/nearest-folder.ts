import {existsSync} from 'node:fs';
import path from 'node:path';

/** The folder itself, or the nearest one above it that exists. */
export const nearestFolder = (folder: string): string =>
	path.dirname(folder) === folder || existsSync(folder)
		? folder
		: nearestFolder(path.dirname(folder));
