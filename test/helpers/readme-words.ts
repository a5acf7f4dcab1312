import type {DoctorDocument} from '../../src/cli/doctor/document.js';
import type {StatusDocument} from '../../src/cli/status-document.js';
import type {Activity, Alarm, Configuration, Health, LastExit} from '../../src/control/messages.js';
import type {ErrorCode} from '../../src/platform/errors.js';
import type {RunnerMatch} from '../../src/schema/runner.js';

type Words = readonly [kind: string, meaning: string];

/** What the README says of each key of `<runner>`; names, defaults and flags come from the program. */
export const runnerWords = {
	program: ['words', 'the command; the first word is a path, or searched on `PATH`'],
	'socket-name': ['path', "the control socket, relative to the caller's folder"],
	daemon: ['on/off', 'off: `start` is the supervisor itself, in the foreground'],
	directory: ['path', 'folder that the program runs in; one missing level is made'],
	'backoff-limit': [
		'number',
		'a life shorter than this many seconds is a quick end; this many of them in a row end the supervisor, too',
	],
	forever: ['on/off', 'never give up: pause up to `backoff-limit` seconds between starts'],
	'exit-codes': [
		'numbers, by comma',
		'exit statuses after which the supervisor ends, too, with that status; -1 is any death by signal',
	],
	user: ['name or uid', 'become this user first, with its groups; root only'],
	umask: ['octal', 'umask of the program'],
	'start-test-program': [
		'words',
		'run once a second until it exits 0: only then the start is over',
	],
	'start-timeout': ['seconds', 'how long `start` and `restart` wait; the program is not ended'],
	'stop-timeout': ['seconds', 'from SIGTERM to SIGKILL; 0 never kills'],
	transcript: ['path', 'stdout and stderr of the program; relative to `directory`'],
	logfile: ['path', 'what `logtail` shows; nothing is written to it'],
	eventlog: ['section', "the supervisor's own log, instead of the top-level `<eventlog>`"],
	python: ['path', 'accepted, no effect'],
	zdrun: ['path', 'accepted, no effect'],
	prompt: ['text', 'accepted, no effect'],
	'hang-around': ['on/off', 'accepted, no effect'],
	'default-to-interactive': ['on/off', 'accepted, no effect'],
} satisfies Record<keyof RunnerMatch['values'], Words>;

/** What the README says of the keys of one log handler. */
export const handlerWords: Readonly<Record<string, Words>> = {
	path: [
		'path',
		"relative to the caller's folder; `STDOUT` and `STDERR` are streams, of a supervisor in the background the transcript",
	],
	facility: ['name', 'such as `daemon` or `local0`'],
	address: ['host:port or path', 'a UDP address, or a socket such as `/dev/log`'],
	level: ['name or 0 to 50', 'records below it are left out'],
	format: [
		'text',
		'layout of a record; `json` makes each record a JSON line: `time`, `level`, `pid`, `message`',
	],
	dateformat: ['text', 'layout of the time, as strftime has it'],
	style: ['name', '`classic`, `format`, `template` or `safe-template`'],
	'arbitrary-fields': ['on/off', 'accept field names that no record has'],
	formatter: ['dotted name', 'accepted, no effect (`check` warns)'],
	'old-files': ['number', 'rotated files to keep'],
	'max-size': ['size', 'rotate beyond this size; needs `old-files`'],
	when: ['`S M H D MIDNIGHT W0`..`W6`', 'rotate by time; needs `old-files`'],
	interval: ['number', 'how many of `when`'],
	encoding: ['name', 'of the file'],
	delay: ['on/off', 'open the file at the first record'],
};

const storage = 'what runs there is unknown, or it is no ZEO server';
const supervisor = 'no supervisor answers';

/** What the README says of each field of `status --json`: JSON types, then the meaning. */
export const statusWords = {
	state: [
		'string',
		'`stopped`, `starting`, `running`, `stopping`, `killing`, `backoff`, `failed`; `not-running`: no supervisor; `unknown`: the socket cannot be used, see `error`',
	],
	pid: ['number, null', 'process id of the program; null: it is down'],
	manager: ['number, null', `process id of the supervisor; null: ${supervisor}`],
	address: ['string, null', `where the ZEO server listens; null: ${storage}`],
	storages: ['array', 'the storages of the server, as its conf names them; see below'],
	restarts: [
		'number, null',
		'unasked restarts since the supervisor started; null: unknown to an old manager',
	],
	lastExit: ['object, null', 'how the last life of the program ended; null: none has, or unknown'],
	wanted: ['string, null', '`up` or `down`: what the supervisor tries to reach'],
	readiness: [
		'string, null',
		'`ready`, `unready`, or `unknown` for a program without a test of its own',
	],
	testing: ['boolean, null', 'a start test is under way'],
	since: ['number, null', 'when the present state was entered, Unix seconds'],
	lastStart: ['number, null', 'when the program was last started, Unix seconds'],
	backoff: ['number, null', 'seconds of the present pause between starts; 0: none'],
	backoffLimit: ['number, null', 'the configured `backoff-limit`'],
	delayUntil: [
		'number, null',
		'when the next start, the SIGKILL of a stop, or the end of its wait for a pack is due, Unix seconds',
	],
	reason: ['string, null', 'why the supervisor gave up, or what a stop waits for'],
	adopted: ['boolean, null', 'whether an earlier supervisor had started the program'],
	unsupervised: [
		'object, null',
		'a program that runs although its supervisor has died, see below; `start` takes it over',
	],
	lastOutput: ['array', 'strings: the last lines that the program printed before it ended'],
	transcript: [
		'object, null',
		'where the output of the program is kept: `path`, `mode` (`direct`, `pump`), `rotatedBy` (`zeoctl`, `outside`, `nobody`), `fileSystem`, `caveat` (why a rotation may lose lines), `rotations`, `lastRotation`, `linesLost`, `problem`',
	],
	health: [
		'object, null',
		'what the periodic look at the server found, see below; null without a `<health>` section',
	],
	alarms: [
		'array',
		'the alarms of `health`, and what this command sees itself (then `since` is null): packs that are overdue, mails that were given up and, without `health`, lost database files',
	],
	configuration: [
		'object, null',
		'the conf on disk beside the one that the supervisor has loaded, see below; null: not known',
	],
	handover: [
		'object, null',
		'how the last `reload` that did not come to its end goes or went: `state` `under-way`, `done` or `failed`, `at`, `reason`',
	],
	unit: [
		'object, null',
		'the service of systemd that is installed for the conf, else the one that the supervisor is: `name`, `enabled` (whether it starts at boot), `load`, `active` and `sub` (the states that systemd gives it; null: it does not answer), `owns` (whether the supervisor is it)',
	],
	program: ['array, null', 'strings: the words of the command that is supervised'],
	differs: ['boolean, null', 'whether that is another program than the configured one'],
	version: ['string, null', 'version of the supervisor; null for a zdaemon manager'],
	protocol: ['string, null', '`json`, or `text` for a zdaemon manager'],
	socket: ['string', 'absolute path of the control socket'],
	stale: ['boolean', 'whether a socket file that nobody listens at is in the way'],
	configFile: ['string, null', 'absolute path of the conf; null with `-p` alone'],
	error: ['object, null', 'why the state is unknown: `code`, `message`, `hint`'],
} satisfies Record<keyof StatusDocument, Words>;

/** The fields of one element of `storages`. */
export const storageWords = {
	name: ['string', 'name of the storage'],
	type: ['string', 'type of its section, such as `filestorage`'],
	path: ['string, null', 'its `Data.fs`; null where it has none'],
	size: ['number, null', 'bytes of that file; null where there is none, or it may not be seen'],
} satisfies Record<keyof StatusDocument['storages'][number], Words>;

/** The fields of `lastExit`. */
export const lastExitWords = {
	at: ['number', 'when, Unix seconds'],
	pid: ['number', 'process id that it had; 0: it could not be executed'],
	code: ['number, null', 'exit status; null: ended by a signal'],
	signal: ['string, null', 'name of that signal'],
	uptime: ['number', 'seconds that it lived'],
	expected: ['boolean', 'whether the end was asked for (`stop`, `restart`)'],
	description: ['string', 'all that in words, such as `exit status 3`'],
} satisfies Record<keyof LastExit, Words>;

/** The fields of `unsupervised`. */
export const unsupervisedWords = {
	pid: ['number', 'its process id'],
	since: ['number', 'when it was started, Unix seconds'],
	program: ['array', 'strings: the words of its command'],
} satisfies Record<keyof NonNullable<StatusDocument['unsupervised']>, Words>;

/** The fields of `configuration`. */
export const configurationWords = {
	state: [
		'string',
		'`loaded`, `changed` (and not loaded), or `invalid`: changed, and cannot be loaded',
	],
	since: ['number, null', 'when the change was seen, Unix seconds'],
	files: ['array', 'strings: the files that have changed'],
	problem: ['string, null', 'what is wrong: `FILE:LINE: MESSAGE`'],
	needsRestart: [
		'array',
		'strings: settings that are loaded, but that the running program gets with the next `restart`',
	],
} satisfies Record<keyof Configuration, Words>;

/** The fields of `health`. */
export const healthWords = {
	verdict: [
		'string',
		'`ready`; `unready`: did not answer the last time; `failed`: not for `failures` looks; `unknown`: not asked',
	],
	since: ['number', 'when that became so, Unix seconds'],
	reason: ['string, null', 'why it is not ready'],
	activities: [
		'array',
		'long work of the server, during which it is not taken for hung; see below',
	],
	alarms: ['array', 'what should be known although it answers; see below'],
	lastRestart: ['object, null', 'the last restart for not answering: `at`, `reason`'],
} satisfies Record<keyof Health, Words>;

/** The fields of one element of `activities`. */
export const activityWords = {
	activity: ['string', '`index`: reads its index before it listens; `pack`'],
	storage: ['string', 'name of the storage'],
	step: ['string', 'what part of it, such as `copying`'],
	percent: ['number, null', 'how much of this step is done; null where that cannot be seen'],
	since: ['number', 'since when it is seen, Unix seconds'],
} satisfies Record<keyof Activity, Words>;

/** The fields of one element of `alarms`. */
export const alarmWords = {
	alarm: [
		'string',
		'`missing-storage`, `commit-lock`, `waiting`, `timeout-thread`, `empty-storage`, `tls-refused`, `certificate-changed`, `certificate-expires`, `disk`, `inodes`, `descriptors`, `deleted-file`, `moved-file`, `no-restart`, `pack-overdue`, `mail`, `run-state`, `in-use`',
	],
	level: ['string', '`alarm`, or `notice` for what may be as it should be'],
	since: ['number', 'since when, Unix seconds'],
	text: ['string', 'one line'],
	advice: ['string, null', 'what to do'],
} satisfies Record<keyof Alarm, Words>;

/** The fields of `doctor --json`. */
export const doctorWords = {
	ok: ['boolean', 'whether no error was found'],
	counts: [
		'object',
		'how many checks stand how: `ok`, `warning`, `error`, `unknown` (cannot be seen from here), `idle` (about nothing that is there)',
	],
	checks: ['array', 'all that were asked for, in the order of the table above; see below'],
} satisfies Record<keyof DoctorDocument, Words>;

/** The fields of one element of its `checks`. */
export const doctorCheckWords = {
	group: ['string', 'the group that it belongs to'],
	name: ['string', 'its name, which no other check has'],
	level: ['string', 'the worst of its findings: `error`, `warning`, `unknown`, `ok`, `idle`'],
	findings: ['array', 'at least one; see below'],
} satisfies Record<keyof DoctorDocument['checks'][number], Words>;

/** The fields of one finding. */
export const doctorFindingWords = {
	level: ['string', 'as above'],
	message: ['string', 'one line'],
	advice: ['string, null', 'what to do, where a command alone does not do it'],
	command: ['string, null', 'what repairs it or leads on, ready for a shell'],
} satisfies Record<keyof DoctorDocument['checks'][number]['findings'][number], Words>;

/** What a person sees of each error code, and what to do about it. */
export const errorWords = {
	USAGE: ['`invalid value for ...`, `option ... not recognized`', '`zeoctl help`'],
	CONFIGURATION: [
		"`'...' is not a known key name`, `no values for ...`",
		'`zeoctl -C CONF check` tells all mistakes with file and line',
	],
	NOT_RUNNING: [
		'`cannot ask ...: the supervisor closed the connection`',
		'it left meanwhile: `zeoctl -C CONF status`',
	],
	PERMISSION: [
		'`cannot use the control socket ...: it belongs to ...`',
		'be that user, or root: `sudo zeoctl ...`',
	],
	SOCKET_UNUSABLE: [
		'`cannot use the control socket ...: a file is in its place`, `... its folder ... does not exist`, `... the folder for its run state, ..., belongs to ...`',
		'make the folder, move the file away, or set another (shorter) `socket-name`',
	],
	SUPERVISOR_HUNG: [
		'`cannot get an answer at ... within 5 s`',
		'the message names the process: `kill -CONT PID` if it was stopped, else `kill -KILL PID`; first `ps -fp PID` where it is no supervisor by its command: the socket may be that of another program',
	],
	ALREADY_SUPERVISED: [
		'`Another zrdun is already up using socket ...`',
		'two confs share a `socket-name`, or `supervise` was called twice: `zeoctl -C CONF status`',
	],
	PROTOCOL: [
		'`cannot talk to the process at ...`',
		'another program listens there, or one of another version: `ss -xlp` shows which',
	],
	PROGRAM_UNUSABLE: [
		"`can't find program ... on PATH`, `no permission to run program ...`",
		'correct `program`, or `chmod +x` it; systemd units have a short `PATH`',
	],
	START_REFUSED: [
		'`cannot start the program: ...`',
		'another process has the database: the message names it, and what to do',
	],
	START_FAILED: [
		'`cannot start the program: ...`',
		'the message tells the cause, the last lines of the program and the next command',
	],
	START_TIMEOUT: [
		'`Program took too long to start`',
		'`zeoctl -C CONF status`, `zeoctl -C CONF logtail`; a higher `start-timeout`',
	],
	DATA_LOSS: [
		'`cannot stop the program: the database ... has been deleted ...`',
		'`rescue` first; `stop --give-up-deleted` then ends the program',
	],
	RESCUE: [
		'`cannot rescue ...`',
		'the message tells what is in the way; nothing was left behind, and `rescue` can be run again',
	],
	RELOAD_FAILED: [
		'`cannot reload: the new supervisor does not start: ...`',
		'nothing has changed: the old supervisor goes on; repair what it names, then `reload` again',
	],
	TRANSCRIPT: [
		'`cannot open the transcript ...`, `cannot read ...` (`logtail`)',
		'`ls -ld` the path that the message names',
	],
	MAIL: [
		'`cannot deliver to ...: ...`, `cannot report: ...`',
		'`zeoctl -C CONF mail test` says what the mail server said',
	],
	AUTHENTICATION: [
		'`cannot change the passwords in ...`, `cannot make certificates: ...`',
		'the message tells what is in the way; what was there is as it was',
	],
	SCAFFOLD: [
		'`cannot make ...`, `cannot install the Python packages: ...`',
		'the message tells what is in the way; the command can be typed again',
	],
	INTERNAL: ['a stack trace', 'report it, with the command and the conf'],
} satisfies Record<ErrorCode, Words>;
