/** Version of the JSON-lines protocol; the server refuses a hello with another major number. */
export const protocolVersion = 1;

/** What can be asked of a supervisor, in either protocol. */
export type Request =
	/**
	 * `fresh`, JSON only: with the transcript as it is at this moment; where the program writes it itself, that is tried,
	 * which may take two seconds.
	 */
	| {readonly request: 'status'; readonly fresh?: true}
	| {readonly request: 'start'}
	| {readonly request: 'stop'}
	/**
	 * Refused where the program could not come back. `unchecked`, text only: zdaemon's clients would wait without end for
	 * what has been refused.
	 */
	| {readonly request: 'restart'; readonly unchecked?: true}
	| {readonly request: 'kill'; readonly signal: number}
	| {readonly request: 'reopen-transcript'}
	/** JSON only: give the running program to a successor, which reads the configuration anew. */
	| {readonly request: 'reload'}
	/** JSON only: answers with the present status and sends a `status` event after every change. */
	| {readonly request: 'subscribe'};

/** What a supervisor answers. Each names what was done at once; how it ends is seen in the status. */
export type Reply =
	| {readonly reply: 'status'; readonly status: Status}
	| {readonly reply: 'started'}
	| {readonly reply: 'already-started'}
	| {readonly reply: 'stopping'}
	| {readonly reply: 'restarting'}
	| {readonly reply: 'already-stopped'}
	| {readonly reply: 'signalled'; readonly signal: number}
	| {readonly reply: 'not-running'}
	| {readonly reply: 'kill-failed'; readonly signal: number; readonly reason: string}
	/** `confirmed`: the file at the configured path is the one that the program writes to. */
	| {readonly reply: 'reopened'; readonly confirmed: boolean; readonly reason?: string}
	/** To `reload`: how it ends is seen in the status. */
	| {readonly reply: 'handing-over'}
	| {readonly reply: 'refused'; readonly reason: string};

/** Who asks, as the client says it: a claim, for the records, never a credential. */
export type Asker = {
	readonly client: string;
	readonly user?: string;
	readonly pid?: number;
};

/** The states of `supervisor/machine.ts`, by name. */
export type StateName =
	| 'stopped'
	| 'starting'
	| 'running'
	| 'stopping'
	| 'killing'
	| 'backoff'
	| 'failed';

/** How one life of the program ended. Times are Unix seconds, durations seconds. */
export type LastExit = {
	readonly at: number;
	readonly pid: number;
	readonly code: number | null;
	readonly signal: string | null;
	readonly uptime: number;
	/** Whether the end had been asked for (stop, restart). */
	readonly expected: boolean;
	/** One line, such as `exit status 3` or `terminated by SIGKILL`. */
	readonly description: string;
};

/** What the periodic look at the server found last; times are Unix seconds. */
export type Health = {
	/**
	 * `ready`: it answers. `unready`: it did not, the last time. `failed`: it did not for as long as the conf allows.
	 * `unknown`: not asked yet, not running, or there is nothing to ask.
	 */
	readonly verdict: 'unknown' | 'ready' | 'unready' | 'failed';
	/** When this verdict was reached. */
	readonly since: number;
	/** Why it is not ready, one line; null otherwise. */
	readonly reason: string | null;
	/** What the server is busy with; it is not taken for hung while that goes on. */
	readonly activities: readonly Activity[];
	readonly alarms: readonly Alarm[];
	/** The last time that the supervisor restarted the server because it did not answer. */
	readonly lastRestart: {readonly at: number; readonly reason: string} | null;
};

/** Long work of a server on one of its storages. */
export type Activity = {
	readonly activity: 'index' | 'pack';
	readonly storage: string;
	/** What part of it, such as `copying`. */
	readonly step: string;
	/** How much of this step is done, null when it cannot be seen. */
	readonly percent: number | null;
	readonly since: number;
};

/** Something that a person should know although the server answers. */
export type Alarm = {
	/** A name for programs, such as `commit-lock`. */
	readonly alarm: string;
	/** A `notice` may be as it should be. */
	readonly level: 'alarm' | 'notice';
	readonly since: number;
	/** One line, without how long it has been so. */
	readonly text: string;
	/** What to do, one sentence; null when it goes without saying. */
	readonly advice: string | null;
};

/** Where the output of the program is kept, and how that goes. */
export type TranscriptState = {
	readonly path: string;
	/** Who writes it: the program itself, or the supervisor. */
	readonly mode: 'direct' | 'pump';
	/** `outside`: somebody renames it and has it reopened. `nobody`: it is a device or a pipe. */
	readonly rotatedBy: 'zeoctl' | 'outside' | 'nobody';
	/** Such as `ext4`. */
	readonly fileSystem: string;
	/** Why a rotation may lose lines there; null where none does. */
	readonly caveat: string | null;
	/** Rotations since the supervisor started. */
	readonly rotations: number;
	/** Unix seconds; null before the first. */
	readonly lastRotation: number | null;
	/** Lines that could not be written since the supervisor started, and are counted in the file. */
	readonly linesLost: number;
	/** What is wrong with it now, one line. */
	readonly problem: string | null;
};

/**
 * A snapshot of the supervisor. Both protocols are written from it and read into it; what an old manager cannot
 * tell is null. Times are Unix seconds.
 */
export type Status = {
	readonly state: StateName;
	readonly wanted: 'up' | 'down';
	readonly readiness: 'unknown' | 'ready' | 'unready';
	/** A start test is under way. */
	readonly testing: boolean;
	/** Pid of the program, or null while there is none. */
	readonly pid: number | null;
	/** Pid of the supervisor. */
	readonly manager: number;
	/** Version of the supervisor, null for an old manager. */
	readonly version: string | null;
	/** When the snapshot was taken. */
	readonly now: number;
	/** When the present state was entered, null when unknown. */
	readonly since: number | null;
	/** When the program was last started, 0 if never. */
	readonly lastStart: number;
	/** Unasked restarts since the supervisor started, null when unknown. */
	readonly restarts: number | null;
	/** Seconds of the present back-off step, 0 when none. */
	readonly backoff: number;
	readonly backoffLimit: number;
	/** When the next start, or the SIGKILL of a stop, is due; 0 when neither. */
	readonly delayUntil: number;
	readonly filename: string;
	readonly argv: readonly string[];
	readonly lastExit: LastExit | null;
	/** Why the supervisor gave up or refuses to start, or what a stop waits for, one line; null otherwise. */
	readonly reason: string | null;
	/** The last lines that the program printed before it ended, newest last; empty when unknown. */
	readonly lastOutput: readonly string[];
	/** Whether the program was started by an earlier supervisor, so that the status of its end cannot be observed. */
	readonly adopted: boolean;
	/** Null without a `<health>` section, and for supervisors that know nothing of it. */
	readonly health: Health | null;
	/** Null without a transcript, and for supervisors that know nothing of it. */
	readonly transcript: TranscriptState | null;
	/** What is known of the configuration on disk; null without one, and for supervisors that know nothing of it. */
	readonly configuration: Configuration | null;
	/** The last time that the program was to be given to a successor; null if never. */
	readonly handover: Handover | null;
};

/** The configuration on disk, beside the one that the supervisor has loaded. */
export type Configuration = {
	readonly state: 'loaded' | 'changed' | 'invalid';
	/** When the change was seen, null while there is none. */
	readonly since: number | null;
	/** The files that are not what was loaded. */
	readonly files: readonly string[];
	/** Why it could not be loaded, `FILE:LINE: MESSAGE`; null otherwise. */
	readonly problem: string | null;
	/** What the running program was started with other values of: they take effect when it is restarted. */
	readonly needsRestart: readonly string[];
};

/** How a `reload` goes; the supervisor that is `done` leaves. */
export type Handover = {
	readonly state: 'under-way' | 'done' | 'failed';
	readonly at: number;
	/** Why it failed, null otherwise. */
	readonly reason: string | null;
};

/** What the server needs of a supervisor. `handle` never throws; `subscribe` calls back at once, then after every change. */
export type RequestHandler = {
	handle(request: Request, asker: Asker): Reply | Promise<Reply>;
	subscribe(listener: (status: Status) => void): () => void;
};
