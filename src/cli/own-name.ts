import {statSync} from 'node:fs';
import path from 'node:path';
import {realFile} from '../platform/real-file.js';

/**
 * How a person calls this very program from anywhere: by its name where that leads to it on PATH, which may be without one
 * or begin with another zeoctl, else by the `script` itself.
 */
export const findOwnName = (
	script: string,
	{searchPath = '', node}: {readonly searchPath: string | undefined; readonly node: string},
): readonly string[] => {
	const found = searchPath
		.split(':')
		.map(folder => path.join(folder, 'zeoctl'))
		.find(isExecutable);
	if (found !== undefined && realFile(found) === realFile(script)) return ['zeoctl'];
	return isExecutable(script) === false ? [node, script] : [script];
};

/** Undefined where it may not be seen, as what root has called is not by the user that it has become. */
const isExecutable = (file: string): boolean | undefined => {
	try {
		const stats = statSync(file, {throwIfNoEntry: false});
		return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
	} catch {
		return undefined;
	}
};
