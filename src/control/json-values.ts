import type {
	Activity,
	Alarm,
	Configuration,
	Handover,
	Health,
	LastExit,
	Reply,
	StateName,
	Status,
	TranscriptState,
} from './messages.js';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a JSON object; undefined for anything else. */
export const fields = (value: unknown): Fields | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Fields)
		: undefined;

/** A whole number that survives JSON; undefined for anything else. */
export const wholeNumber = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;

/** A reply from parsed JSON; undefined where it is none that this version knows. */
export const parseReply = (value: Fields): Reply | undefined => {
	const {reply, reason} = value;
	const signal = wholeNumber(value['signal']);
	switch (reply) {
		case 'status': {
			const status = parseStatus(value['status']);
			return status && {reply, status};
		}
		case 'started':
		case 'already-started':
		case 'stopping':
		case 'restarting':
		case 'already-stopped':
		case 'not-running':
		case 'handing-over':
			return {reply};
		case 'signalled':
			return signal === undefined ? undefined : {reply, signal};
		case 'kill-failed':
			return signal === undefined || !isString(reason) ? undefined : {reply, signal, reason};
		case 'reopened': {
			const {confirmed} = value;
			if (!isBoolean(confirmed)) return undefined;
			return isString(reason) ? {reply, confirmed, reason} : {reply, confirmed};
		}
		case 'refused':
			return isString(reason) ? {reply, reason} : undefined;
		default:
			return undefined;
	}
};

/** A status from parsed JSON; undefined where a field is missing or of another kind. */
export const parseStatus = (value: unknown): Status | undefined => {
	const status = fields(value);
	if (status === undefined) return undefined;
	// A supervisor that was started by an older version knows nothing of these.
	const younger = {
		health: null,
		adopted: false,
		transcript: null,
		configuration: null,
		handover: null,
	};
	const complete = {...younger, ...status};
	return isStatus(complete) ? complete : undefined;
};

const states: ReadonlySet<unknown> = new Set<StateName>([
	'stopped',
	'starting',
	'running',
	'stopping',
	'killing',
	'backoff',
	'failed',
]);

type Check = (value: unknown) => boolean;

const isString = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber: Check = value => typeof value === 'number';
const isStrings: Check = value => Array.isArray(value) && value.every(isString);
const orNull =
	(check: Check): Check =>
	value =>
		value === null || check(value);

const lastExitChecks = {
	at: isNumber,
	pid: isNumber,
	code: orNull(isNumber),
	signal: orNull(isString),
	uptime: isNumber,
	expected: isBoolean,
	description: isString,
} satisfies Record<keyof LastExit, Check>;

const each =
	(checks: Readonly<Record<string, Check>>): Check =>
	value =>
		Array.isArray(value) && value.every(item => isRecord(item, checks));

const isRecord = (value: unknown, checks: Readonly<Record<string, Check>>): boolean => {
	const record = fields(value);
	return record !== undefined && meets(record, checks);
};

const activityChecks = {
	activity: value => value === 'index' || value === 'pack',
	storage: isString,
	step: isString,
	percent: orNull(isNumber),
	since: isNumber,
} satisfies Record<keyof Activity, Check>;

const alarmChecks = {
	alarm: isString,
	level: value => value === 'alarm' || value === 'notice',
	since: isNumber,
	text: isString,
	advice: orNull(isString),
} satisfies Record<keyof Alarm, Check>;

const verdicts: ReadonlySet<unknown> = new Set<Health['verdict']>([
	'unknown',
	'ready',
	'unready',
	'failed',
]);

const healthChecks = {
	verdict: value => verdicts.has(value),
	since: isNumber,
	reason: orNull(isString),
	activities: each(activityChecks),
	alarms: each(alarmChecks),
	lastRestart: orNull(value => isRecord(value, {at: isNumber, reason: isString})),
} satisfies Record<keyof Health, Check>;

const transcriptChecks = {
	path: isString,
	mode: value => value === 'direct' || value === 'pump',
	rotatedBy: value => value === 'zeoctl' || value === 'outside' || value === 'nobody',
	fileSystem: isString,
	caveat: orNull(isString),
	rotations: isNumber,
	lastRotation: orNull(isNumber),
	linesLost: isNumber,
	problem: orNull(isString),
} satisfies Record<keyof TranscriptState, Check>;
const configurationChecks = {
	state: value => value === 'loaded' || value === 'changed' || value === 'invalid',
	since: orNull(isNumber),
	files: isStrings,
	problem: orNull(isString),
	needsRestart: isStrings,
} satisfies Record<keyof Configuration, Check>;

const handoverChecks = {
	state: value => value === 'under-way' || value === 'done' || value === 'failed',
	at: isNumber,
	reason: orNull(isString),
} satisfies Record<keyof Handover, Check>;

const statusChecks = {
	state: value => states.has(value),
	wanted: value => value === 'up' || value === 'down',
	readiness: value => value === 'unknown' || value === 'ready' || value === 'unready',
	testing: isBoolean,
	pid: orNull(isNumber),
	manager: isNumber,
	version: orNull(isString),
	now: isNumber,
	since: orNull(isNumber),
	lastStart: isNumber,
	restarts: orNull(isNumber),
	backoff: isNumber,
	backoffLimit: isNumber,
	delayUntil: isNumber,
	filename: isString,
	argv: isStrings,
	lastExit: orNull(value => isRecord(value, lastExitChecks)),
	reason: orNull(isString),
	lastOutput: isStrings,
	adopted: isBoolean,
	health: orNull(value => isRecord(value, healthChecks)),
	transcript: orNull(value => isRecord(value, transcriptChecks)),
	configuration: orNull(value => isRecord(value, configurationChecks)),
	handover: orNull(value => isRecord(value, handoverChecks)),
} satisfies Record<keyof Status, Check>;

const isStatus = (value: Fields): value is Status => meets(value, statusChecks);

const meets = (value: Fields, checks: Readonly<Record<string, Check>>): boolean => {
	for (const name in checks) if (!checks[name]?.(value[name])) return false;
	return true;
};
