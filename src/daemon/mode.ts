import path from 'node:path';
import type {RunnerSettings} from '../settings/settings.js';

/**
 * How a supervisor runs: `detached` in the background, started by `zeoctl start`; `foreground` as `zeoctl supervise`
 * (systemd, containers); `attached` as `start` with `daemon off`, which leaves folder, umask and output alone.
 */
export type Mode = 'detached' | 'foreground' | 'attached';

/** Where and how the program runs, with the paths made absolute as the original does. */
export type Place = {
	/** Undefined stays in the folder of the caller. */
	readonly directory: string | undefined;
	readonly umask: number | undefined;
	/** Undefined when there is no file to write to. */
	readonly transcript: string | undefined;
};

/** A relative transcript lies in `directory`, which itself is relative to the caller's folder. */
export const planPlace = (runner: RunnerSettings, mode: Mode, cwd: string): Place => {
	if (mode === 'attached') {
		return {directory: undefined, umask: undefined, transcript: undefined};
	}
	const directory =
		runner.directory === undefined ? undefined : path.resolve(cwd, runner.directory);
	const {transcript} = runner;
	const isFile = transcript !== undefined && transcript !== '/dev/null';
	return {
		directory,
		umask: runner.umask,
		transcript: isFile ? path.resolve(directory ?? cwd, transcript) : undefined,
	};
};
