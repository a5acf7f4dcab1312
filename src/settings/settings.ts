import type {LogFilePlaces} from '../schema/log-handlers.js';

/** Where a value came from, for `show` and `check`. */
export type Origin =
	| {readonly from: 'flag'; readonly flag: string}
	| {readonly from: 'file'; readonly url: string; readonly line: number}
	| {readonly from: 'default'};

/** Flags of the command line after conversion; they beat the file, which beats the defaults. */
export type Overrides = {
	readonly configFile?: string;
	readonly program?: readonly string[];
	readonly backoffLimit?: number;
	readonly daemon?: true;
	readonly forever?: true;
	readonly socketName?: string;
	readonly exitCodes?: readonly number[];
	readonly user?: string;
	readonly umask?: number;
	readonly directory?: string;
	readonly transcript?: string;
	readonly logfile?: string;
	readonly startTimeout?: number;
	readonly stopTimeout?: number;
	readonly startTestProgram?: readonly string[];
	/** `-X PATH=VALUE`, in order. */
	readonly specifiers?: readonly string[];
};

/** The `<runner>` section, with flags applied. Durations are seconds. */
export type RunnerSettings = {
	readonly program: readonly string[];
	readonly socketName: string;
	readonly daemon: boolean;
	readonly directory: string | undefined;
	readonly umask: number;
	/** Undefined when the output goes nowhere (`/dev/null`, the default). */
	readonly transcript: string | undefined;
	readonly backoffLimit: number;
	readonly forever: boolean;
	/** Exit statuses that end the supervisor too; -1 stands for any death by signal. */
	readonly exitCodes: readonly number[];
	readonly user: string | undefined;
	readonly startTestProgram: readonly string[] | undefined;
	readonly startTimeout: number;
	/** Seconds from SIGTERM to SIGKILL; 0 never kills. */
	readonly stopTimeout: number;
	readonly logfile: string | undefined;
};

/** One handler of an event log. Levels are Python's numbers (10 debug … 50 critical). */
export type LogHandler =
	| (LogHandlerCommon & {
			readonly type: 'logfile';
			/** A path, or `STDOUT` or `STDERR`. */
			readonly path: string;
			readonly oldFiles: number;
			/** Bytes. */
			readonly maxSize: number;
			readonly when: string;
			readonly interval: number;
			readonly delay: boolean;
			readonly encoding: string | undefined;
			/** Where the conf says so; no setting of its own. */
			readonly places?: LogFilePlaces;
	  })
	| (LogHandlerCommon & {
			readonly type: 'syslog';
			readonly facility: string;
			readonly address: NetworkAddress;
	  })
	| (LogHandlerCommon & {readonly type: 'email-notifier' | 'http-logger' | 'win32-eventlog'});

type LogHandlerCommon = {
	readonly level: number;
	readonly format: string;
	readonly dateFormat: string;
	readonly style: 'classic' | 'format' | 'template' | 'safe-template';
	readonly arbitraryFields: boolean;
};

/** The log section that the supervisor writes to: the runner's own if it has one, else the top-level one. */
export type EventLogSettings = {
	readonly level: number;
	readonly handlers: readonly LogHandler[];
	/** What the records carry; undefined: `root`. */
	readonly name?: string | undefined;
};

/** A socket address as ZConfig reads it: a Unix path, or host and port (port null when not given). */
export type NetworkAddress =
	| {readonly family: 'unix'; readonly path: string}
	| {readonly family: 'inet' | 'inet6'; readonly host: string; readonly port: number | null};

/** The `<zeo>` section, as far as a supervisor needs it. */
export type ZeoSettings = {
	readonly address: NetworkAddress;
	readonly readOnly: boolean;
	readonly transactionTimeout: number | undefined;
	readonly pidFilename: string | undefined;
	/** Of a ZEO 4 with passwords, absolute. */
	readonly authenticationDatabase?: string;
	readonly tls:
		| {
				readonly certificate: string;
				readonly key: string | undefined;
				readonly authenticate: string;
		  }
		| undefined;
};

/** One storage of a server. Wrappers (demo, blob, zlib) name the FileStorage inside them by `path`. */
export type StorageSettings = {
	readonly name: string;
	/** The section type, such as `filestorage`. */
	readonly type: string;
	/** The `Data.fs`, where there is one. */
	readonly path: string | undefined;
	readonly blobDirectory: string | undefined;
	readonly readOnly: boolean;
	readonly create: boolean;
};

/** The ZEO server that the program runs: from our own conf, or from the one that the `program` line names. */
export type ServerSettings = {
	/** The conf of the server, undefined when given by options (`-a`, `-f`). */
	readonly confPath: string | undefined;
	readonly zeo: ZeoSettings;
	readonly storages: readonly StorageSettings[];
	/** Whether the server itself writes an event log. */
	readonly hasEventLog: boolean;
	/** The files of that log; absent or empty when it goes elsewhere, such as standard error. */
	readonly logFiles?: readonly string[];
	/** Those of them that the server does not rotate itself. */
	readonly unrotatedLogs?: readonly string[];
};

/** The `<health>` section. Durations are seconds. */
export type HealthSettings = {
	/** Between two looks at the server. */
	readonly interval: number;
	/** For one answer. */
	readonly timeLimit: number;
	/** Looks in a row that found it sick, until the action. */
	readonly failures: number;
	readonly action: 'restart' | 'alarm';
	/** Bytes. */
	readonly diskFloor: number;
	/** Percent of the inodes of a file system. */
	readonly inodeFloor: number;
	readonly commitLockAlarm: number;
};

/** The `<transcript>` section, or its defaults. Sizes are bytes, durations seconds. */
export type TranscriptSettings = {
	/** `direct`: the program writes the file itself. `pump`: the supervisor does, from a FIFO. */
	readonly mode: 'direct' | 'pump';
	/** A file of this size is rotated. */
	readonly maxSize: number;
	/** A file of this age is rotated; undefined: by size alone. */
	readonly maxAge?: number;
	readonly oldFiles: number;
	/** For the file and its old files together. */
	readonly totalSize: number;
	readonly compress: boolean;
	readonly timestamps: boolean;
	readonly format: 'text' | 'json';
	readonly onSlow: 'drop' | 'block';
	readonly queueSize: number;
	/** Whether the conf has the section; without it a rotation by others comes first. */
	readonly isAsked: boolean;
};

/** When and how a storage is packed. Durations are seconds. */
export type PackSettings = {
	/** Undefined: all storages that have no settings of their own. */
	readonly storage: string | undefined;
	/** A cron expression. */
	readonly schedule: string;
	/** An IANA name; else the system's. */
	readonly timeZone?: string;
	/** Days of history to keep. */
	readonly days: number;
	/** At most so long after the time of the schedule. */
	readonly jitter: number;
	/** Percent of room beyond a full copy. */
	readonly margin: number;
	/** Without a good pack for so long. */
	readonly alarmAfter: number;
};

/** The `<mail>` section. */
export type MailSettings = {
	readonly to: readonly string[];
	readonly from: string | undefined;
	readonly server: string | undefined;
	readonly port: number | undefined;
	readonly security: 'starttls' | 'tls' | 'none';
	readonly user: string | undefined;
	readonly passwordFile: string | undefined;
	/** Path of a program that takes the message, instead of a server. */
	readonly sendmail: string | undefined;
	readonly when: 'always' | 'failure';
	/** A mail about crashes from so many unasked ends within so many seconds. */
	readonly crashLimit: {readonly count: number; readonly seconds: number};
	readonly pingUrl: string | undefined;
};

/** The `<monitor>` section: where ZEO 4's monitor text is served. */
export type MonitorSettings = {readonly host: string; readonly port: number};

/** Everything a conf and the flags say, validated, complete and frozen. */
export type Settings = {
	/** Absolute path of the conf, undefined when there is none (`-p`). */
	readonly configFile: string | undefined;
	/** Which of the two file forms the conf has. */
	readonly form: 'zdaemon' | 'zeoctl';
	readonly runner: RunnerSettings;
	readonly environment: Readonly<Record<string, string>>;
	readonly eventLog: EventLogSettings | undefined;
	/** Where history and outbox are kept, as written; else with the run state. */
	readonly stateDirectory?: string;
	/** Seconds that a stop waits for a running pack. */
	readonly stopPackWait: number;
	/** Name or number of the group that may use the control socket; else it is the owner's alone. */
	readonly socketGroup?: string;
	/** The `<zeo>` section of this very file. */
	readonly zeo: ZeoSettings | undefined;
	/** How the transcript is written and rotated, also without a section. */
	readonly output: TranscriptSettings;
	/** Undefined without a `<health>` section: nothing is then asked of a server that runs. */
	readonly health?: HealthSettings;
	/** Empty without a `<pack>` section: nothing is then packed unasked. */
	readonly packs: readonly PackSettings[];
	/** Undefined without a `<mail>` section. */
	readonly mail?: MailSettings;
	/** Undefined without a `<monitor>` section. */
	readonly monitor?: MonitorSettings;
	/** The storages of this very file. */
	readonly storages: readonly StorageSettings[];
	/** Origins of the runner's values, by key name (`backoff-limit`). */
	readonly origins: Readonly<Record<string, Origin>>;
};
