import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {serverLog} from './server-log.js';
import type {Settings} from './settings.js';
import {stateDirectoryOf} from './state-directory.js';

/** Where a server works. */
export type ServerPlace = {
	/** Relative paths of its conf count from here. */
	readonly directory: string;
	/** Files that its output and its log may go to, as far as our own file names them. */
	readonly logs: readonly string[];
	/** Where its instance keeps what must not be forgotten. */
	readonly stateDirectory: string;
};

/** Where the program of these settings works, if they were loaded in the folder `cwd`. */
export const serverPlace = (settings: Settings, cwd: string): ServerPlace => {
	const {runner, eventLog} = settings;
	const runDirectory = runDirectoryOf(path.resolve(cwd, runner.socketName));
	const directory = runner.daemon && runner.directory ? path.resolve(cwd, runner.directory) : cwd;
	const {transcript} = runner;
	const logs = [
		...(transcript === undefined ? [] : [path.resolve(directory, transcript)]),
		...(serverLog(eventLog, directory).logFiles ?? []),
	];
	const stateDirectory = stateDirectoryOf(settings, {runDirectory, cwd});
	return {directory, logs, stateDirectory};
};
