import path from 'node:path';
import type {Settings} from './settings.js';

/**
 * Where an instance keeps its history and its outbox: the configured `state-directory`, counted from `cwd`, else the
 * folder of the run state.
 */
export const stateDirectoryOf = (
	{stateDirectory}: Pick<Settings, 'stateDirectory'>,
	{runDirectory, cwd}: {readonly runDirectory: string; readonly cwd: string},
): string => (stateDirectory === undefined ? runDirectory : path.resolve(cwd, stateDirectory));
