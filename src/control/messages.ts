/** Version of the JSON-lines protocol; the server refuses a hello with another major number. */
export const protocolVersion = 1;

/** What can be asked of a supervisor, in either protocol. */
export type Request =
	| {readonly request: 'status'}
	| {readonly request: 'start'}
	| {readonly request: 'stop'}
	| {readonly request: 'restart'}
	| {readonly request: 'kill'; readonly signal: number}
	| {readonly request: 'reopen-transcript'}
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
	readonly coreDumped: boolean;
	readonly uptime: number;
	/** Whether the end had been asked for (stop, restart). */
	readonly expected: boolean;
	/** One line, such as `exit status 3` or `terminated by SIGKILL`. */
	readonly description: string;
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
	/** Why the supervisor gave up or refuses to start, one line; null otherwise. */
	readonly reason: string | null;
	/** The last lines that the program printed before it ended, newest last; empty when unknown. */
	readonly lastOutput: readonly string[];
};

/** What the server needs of a supervisor. `handle` never throws; `subscribe` calls back at once, then after every change. */
export type RequestHandler = {
	handle(request: Request, asker: Asker): Reply | Promise<Reply>;
	subscribe(listener: (status: Status) => void): () => void;
};
