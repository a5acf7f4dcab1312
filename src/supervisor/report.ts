import type {Status} from '../control/messages.js';
import type {ServerSettings, Settings} from '../settings/settings.js';

/** What a launcher tells the supervisor that it starts, as one JSON line on the pipe that the reports come back on. */
export type LaunchOrder = {
	readonly settings: Settings;
	/** The ZEO server that the program is, when it is one; `unreadable` when its own conf cannot be used. */
	readonly server?: ServerSettings | 'unreadable' | undefined;
	/** Appended to the configured program. */
	readonly programArguments: readonly string[];
	/** The words of the command line before the action, for the commands that the supervisor itself starts. */
	readonly flags?: readonly string[];
};

/**
 * What a supervisor started by `zeoctl start` tells its launcher, as JSON lines on an inherited pipe, until the
 * program is ready or the supervisor leaves. What it wrote stays readable after its death.
 */
export type LaunchReport =
	| {readonly report: 'status'; readonly status: Status}
	/** A line for the launcher's standard error, such as the removal of a stale socket. */
	| {readonly report: 'note'; readonly text: string}
	/** The supervisor will not start; fields of a ZeoctlError. */
	| {
			readonly report: 'refused';
			readonly code: string;
			readonly message: string;
			readonly hint?: string;
	  };
