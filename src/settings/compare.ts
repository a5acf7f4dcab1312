import type {RunnerSettings, ServerSettings, Settings} from './settings.js';
import type {Source} from './source.js';

/**
 * When another value takes effect: with the supervisor that loads it, when the program is restarted, or when both
 * are stopped and started.
 */
export type Effect = 'reload' | 'restart' | 'start';

/** A setting that has another value; null where there is none, or where the value is nobody's business. */
export type Change = {
	/** As the conf has it, such as `stop-timeout` or `<health> interval`. */
	readonly name: string;
	readonly before: string | null;
	readonly after: string | null;
	readonly effect: Effect;
};

/** What a supervisor is told of one configuration. */
export type LoadedConfiguration = {
	readonly settings: Settings;
	readonly server?: ServerSettings | 'unreadable' | undefined;
	readonly sources: readonly Source[];
};

type Rule = readonly [name: string, effect: Effect];

const runnerRules = {
	program: ['program', 'restart'],
	socketName: ['socket-name', 'start'],
	daemon: ['daemon', 'start'],
	directory: ['directory', 'restart'],
	umask: ['umask', 'restart'],
	transcript: ['transcript', 'restart'],
	backoffLimit: ['backoff-limit', 'reload'],
	forever: ['forever', 'reload'],
	exitCodes: ['exit-codes', 'reload'],
	user: ['user', 'start'],
	startTestProgram: ['start-test-program', 'reload'],
	startTimeout: ['start-timeout', 'reload'],
	stopTimeout: ['stop-timeout', 'reload'],
	logfile: ['logfile', 'reload'],
} satisfies Record<keyof RunnerSettings, Rule>;

/** Values, or whole sections whose keys are compared one by one. Only what is known to be harmless is shown. */
const settingsRules = {
	stateDirectory: ['state-directory', 'reload'],
	stopPackWait: ['stop-pack-wait', 'reload'],
	socketGroup: ['socket-group', 'reload'],
	eventLog: ['<eventlog>', 'reload'],
	output: ['<transcript>', 'reload'],
	health: ['<health>', 'reload'],
	packs: ['<pack>', 'reload'],
	mail: ['<mail>', 'reload'],
	monitor: ['<monitor>', 'reload'],
	zeo: ['<zeo>', 'restart'],
	storages: ['storages', 'restart'],
} satisfies Record<Exclude<keyof Settings, NotCompared>, Rule>;

/** Sections of their own, or where values come from. */
type NotCompared = 'runner' | 'environment' | 'configFile' | 'form' | 'origins';

/** What has changed from one configuration to the next, in the order of the conf's documentation. */
export const compareConfigurations = (
	before: LoadedConfiguration,
	after: LoadedConfiguration,
): readonly Change[] => [
	...Object.entries(runnerRules).flatMap(([key, rule]) =>
		compareValues(rule, fieldOf(before.settings.runner, key), fieldOf(after.settings.runner, key)),
	),
	...compareEnvironments(before.settings.environment, after.settings.environment),
	...Object.entries(settingsRules).flatMap(([key, rule]) =>
		compareSections(rule, fieldOf(before.settings, key), fieldOf(after.settings, key)),
	),
	...compareServers(before, after),
];

const fieldOf = (object: object, key: string): unknown => new Map(Object.entries(object)).get(key);

const compareValues = (
	[name, effect]: Rule,
	before: unknown,
	after: unknown,
): readonly Change[] => {
	if (isSame(before, after)) return [];
	const show = name === 'umask' ? renderOctal : render;
	return [{name, before: show(before), after: show(after), effect}];
};

const compareEnvironments = (
	before: Settings['environment'],
	after: Settings['environment'],
): readonly Change[] =>
	[...new Set([...Object.keys(before), ...Object.keys(after)])]
		.filter(name => before[name] !== after[name])
		.map(name => ({name: `<environment> ${name}`, before: null, after: null, effect: 'restart'}));

/** Shown key by key where both have the section and it is flat; a ping address is a secret. */
const compareSections = (
	[name, effect]: Rule,
	before: unknown,
	after: unknown,
): readonly Change[] => {
	if (isSame(before, after)) return [];
	if (!isFlat(before) || !isFlat(after)) {
		const isPlain = typeof (before ?? after) !== 'object';
		return isPlain
			? compareValues([name, effect], before, after)
			: [{name, before: null, after: null, effect}];
	}
	const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
	// Whether there is a section is not a setting.
	keys.delete('isAsked');
	return [...keys].flatMap(key => {
		const rule = [`${name} ${toKebab(key)}`, exceptions.get(`${name} ${key}`) ?? effect] as const;
		const changes = compareValues(rule, before[key], after[key]);
		return key === 'pingUrl'
			? changes.map(each => ({...each, before: null, after: null}))
			: changes;
	});
};

/** A program keeps the output that it was started with. */
const exceptions: ReadonlyMap<string, Effect> = new Map([['<transcript> mode', 'restart']]);

const isFlat = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !('handlers' in value);

const toKebab = (name: string): string =>
	name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

/** The program reads the conf of its own at each start. */
const compareServers = (
	before: LoadedConfiguration,
	after: LoadedConfiguration,
): readonly Change[] => {
	const [old, present] = [serverDigests(before), serverDigests(after)];
	return [...new Set([...old.keys(), ...present.keys()])]
		.filter(file => old.get(file) !== present.get(file))
		.map(file => ({name: file, before: null, after: null, effect: 'restart'}));
};

const serverDigests = ({sources}: LoadedConfiguration): ReadonlyMap<string, string> =>
	new Map(sources.filter(({part}) => part === 'server').map(({file, digest}) => [file, digest]));

/** What has been through JSON lacks what is undefined; where something stands is no setting. */
const isSame = (one: unknown, other: unknown): boolean =>
	JSON.stringify(one ?? null, withoutPlaces) === JSON.stringify(other ?? null, withoutPlaces);

const withoutPlaces = (key: string, value: unknown): unknown =>
	key === 'places' ? undefined : value;

const renderOctal = (value: unknown): string | null =>
	typeof value === 'number' ? value.toString(8).padStart(3, '0') : null;

const render = (value: unknown): string | null => {
	if (value === undefined || value === null) return null;
	if (Array.isArray(value)) return value.map(String).join(' ');
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
