import type {Status} from '../control/messages.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import type {Source} from '../settings/source.js';

/** What a launcher tells the supervisor that it starts, as one JSON line on the pipe that the reports come back on. */
export type LaunchOrder = {
	readonly settings: Settings;
	/** The ZEO server that the program is, when it is one; `unreadable` when its own conf cannot be used. */
	readonly server?: ServerSettings | 'unreadable' | undefined;
	/** Appended to the configured program. */
	readonly programArguments: readonly string[];
	/** How the settings were read; undefined where they cannot be read again. */
	readonly reading?: Reading;
	/** The supervisor that gives its running program to this one. */
	readonly predecessor?: Predecessor;
};

/** What is needed to read the same configuration again. */
export type Reading = {
	/** The words before the action, as they were typed. */
	readonly flags: readonly string[];
	readonly sources: readonly Source[];
	/** What `<environment>` covers in the environment of the caller, by name; null where the caller had none. */
	readonly covered: Readonly<Record<string, string | null>>;
};

/** Who hands over, and what. */
export type Predecessor = {
	readonly manager: number;
	readonly program: number;
	readonly socketPath: string;
	/** Inode of its control socket. */
	readonly socket: number;
};

/**
 * What a supervisor started by `zeoctl start` tells its launcher, as JSON lines on an inherited pipe, until the
 * program is ready or the supervisor leaves. What it wrote stays readable after its death.
 */
export type LaunchReport =
	| {readonly report: 'status'; readonly status: Status}
	/** A line for the launcher's standard error, such as the removal of a stale socket. */
	| {readonly report: 'note'; readonly text: string}
	/** A successor is ready to take over, and waits to be told to. */
	| {readonly report: 'standing-by'}
	/** A successor has taken over: from now on it acts, and its predecessor must not. */
	| {readonly report: 'in-place'}
	/** The supervisor will not start; fields of a ZeoctlError. */
	| {
			readonly report: 'refused';
			readonly code: string;
			readonly message: string;
			readonly hint?: string;
			readonly asUser?: string;
			readonly place?: string;
	  };
