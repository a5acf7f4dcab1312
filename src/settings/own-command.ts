import path from 'node:path';

/**
 * `zeoctl` for an instance, without an action, as a person types it anywhere: with the `flags` that were typed in the folder
 * `cwd`, where they are known.
 */
export const ownCommand = (
	configFile: string | undefined,
	{flags, cwd}: {readonly flags: readonly string[] | undefined; readonly cwd: string},
): readonly string[] => {
	const words = flags ?? (configFile === undefined ? [] : ['-C', configFile]);
	return [
		'zeoctl',
		...words.map(word => (path.resolve(cwd, word) === configFile ? configFile : word)),
	];
};
