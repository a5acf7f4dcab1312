import type {
	Alarm,
	Configuration,
	Handover,
	Health,
	LastExit,
	StateName,
	Status,
	TranscriptState,
} from '../control/messages.js';
import type {ServerFacts} from './facts.js';
import type {Seen} from './instance.js';
import type {MoreStatus} from './more-status.js';
import {withPresentProblem} from './transcript-now.js';
import type {UnitView} from './view-unit.js';

/** A refusal or failure, as every JSON answer shows it. */
export type Failure = {
	readonly code: string;
	readonly message: string;
	readonly hint: string | null;
};

/** `since` is Unix seconds. */
type Unsupervised = {
	readonly pid: number;
	readonly since: number;
	readonly program: readonly string[];
};

/**
 * What `status --json` prints: every key is always there, null where nothing is known. Times are Unix seconds,
 * sizes bytes. Keys are only ever added.
 */
export type StatusDocument = ServerFacts & {
	/** `not-running`: no supervisor. `unknown`: the socket could not be used, see `error`. */
	readonly state: StateName | 'not-running' | 'unknown';
	readonly pid: number | null;
	readonly manager: number | null;
	readonly restarts: number | null;
	readonly lastExit: LastExit | null;
	readonly wanted: Status['wanted'] | null;
	readonly readiness: Status['readiness'] | null;
	readonly testing: boolean | null;
	readonly since: number | null;
	readonly lastStart: number | null;
	readonly backoff: number | null;
	readonly backoffLimit: number | null;
	readonly delayUntil: number | null;
	readonly reason: string | null;
	readonly lastOutput: readonly string[];
	/** Whether the program was started by an earlier supervisor. */
	readonly adopted: boolean | null;
	/** A program that runs although no supervisor does; `start` finds it and supervises it again. */
	readonly unsupervised: Unsupervised | null;
	/** What the periodic look at the server found; null without a `<health>` section. */
	readonly health: Health | null;
	/** Those of `health`, and what can be seen without it; `since` is null where it is not known. */
	readonly alarms: readonly (Omit<Alarm, 'since'> & {readonly since: number | null})[];
	/** Where the output of the program is kept; null without a transcript. */
	readonly transcript: TranscriptState | null;
	/** The configuration on disk beside the one that is loaded. */
	readonly configuration: Configuration | null;
	/** The last hand-over that was tried. */
	readonly handover: Handover | null;
	/** The service of systemd that the supervisor is; null where it is none. */
	readonly unit: UnitView | null;
	readonly program: readonly string[] | null;
	/** Whether the supervisor runs another program than the configured one. */
	readonly differs: boolean | null;
	readonly version: string | null;
	readonly protocol: 'json' | 'text' | null;
	readonly socket: string;
	/** Whether a socket file without a listener is in the way. */
	readonly stale: boolean;
	readonly configFile: string | null;
	readonly error: Failure | null;
};

type Place = ServerFacts & {readonly socket: string; readonly configFile: string | null};

const unsupervised = (reached: Seen | undefined): Unsupervised | null => {
	if (reached === undefined || reached.contact === 'session') return null;
	const {program} = reached;
	return program ? {pid: program.pid, since: program.startedAt, program: program.argv} : null;
};

/** The document for whatever was found at the socket. */
export const statusDocument = (
	found: Seen | {readonly error: Failure},
	{lastEnd, alarms, unit}: MoreStatus,
	{address, storages, socket, configFile}: Place,
): StatusDocument => {
	const reached = 'error' in found ? undefined : found;
	const session = reached?.contact === 'session' ? reached : undefined;
	const status = session?.status;
	return {
		state: status?.state ?? ('error' in found ? 'unknown' : 'not-running'),
		pid: status?.pid ?? null,
		manager: status?.manager ?? null,
		address,
		storages,
		restarts: status?.restarts ?? null,
		lastExit: status?.lastExit ?? lastEnd,
		wanted: status?.wanted ?? null,
		readiness: status?.readiness ?? null,
		testing: status?.testing ?? null,
		since: status?.since ?? null,
		lastStart: status ? status.lastStart || null : null,
		backoff: status?.backoff ?? null,
		backoffLimit: status?.backoffLimit ?? null,
		delayUntil: status ? status.delayUntil || null : null,
		reason: status?.reason ?? null,
		lastOutput: status?.lastOutput ?? [],
		adopted: status?.adopted ?? null,
		unsupervised: unsupervised(reached),
		health: status?.health ?? null,
		alarms: [...(status?.health?.alarms ?? []), ...alarms.map(alarm => ({...alarm, since: null}))],
		transcript: withPresentProblem(status?.transcript ?? null),
		configuration: status?.configuration ?? null,
		handover: status?.handover ?? null,
		unit,
		program: status?.argv ?? null,
		differs: session?.differs ?? null,
		version: status?.version ?? null,
		protocol: session?.protocol ?? null,
		socket,
		stale: reached?.contact === 'stale',
		configFile,
		error: 'error' in found ? found.error : null,
	};
};
