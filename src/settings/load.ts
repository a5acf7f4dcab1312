import path from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {isPath, urlToPath} from '../zconfig/url.js';
import {ConfigurationError} from './configuration-error.js';
import {type FileSystem, nodeFileSystem} from './file-system.js';
import {healthSettings} from './health-settings.js';
import {mailSettings} from './mail-settings.js';
import {packSettings} from './pack-settings.js';
import {
	type Configuration,
	defaultConfiguration,
	type ReadingPlace,
	readConfiguration,
} from './read-configuration.js';
import {runnerOrigins, runnerSettings} from './runner-settings.js';
import {storageSettings, zeoSettings} from './server-settings.js';
import type {EventLogSettings, Overrides, Settings} from './settings.js';
import {transcriptSettings} from './transcript-settings.js';

/** Seconds that a stop waits for a running pack where no `<zeoctl>` section says otherwise. */
const defaultStopPackWait = 600;

export type LoadOptions = {
	readonly overrides: Overrides;
	/** What `$(NAME)` stands for. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Relative paths count from here. */
	readonly cwd: string;
	readonly fileSystem?: FileSystem;
	/** Files and folders that values name need not exist: a service can be removed without them. */
	readonly acceptsMissing?: boolean;
};

/**
 * Flags over file over defaults, validated and frozen. Throws a ConfigurationError for what is wrong with the file,
 * and a USAGE error when there is nothing to run. Relative paths stay as they are written.
 */
export const loadSettings = ({
	overrides,
	environment,
	cwd,
	fileSystem = nodeFileSystem,
	acceptsMissing = false,
}: LoadOptions): Settings => {
	const place = {
		...{environment, cwd},
		fileSystem: acceptsMissing ? withAllPlaces(fileSystem) : fileSystem,
	};
	const configuration = chosenConfiguration(overrides, place);
	const {configFile} = overrides;
	if (!configuration.values) {
		throw new ConfigurationError(configuration.problems, configFile && checkCommand(configFile));
	}
	return settingsOf(configuration, overrides, configFile && absolutePath(configFile, cwd));
};

const withAllPlaces = (fileSystem: FileSystem): FileSystem => ({
	...fileSystem,
	isDirectory: () => true,
	exists: () => true,
});

/** Tells all mistakes, where this error tells only the first. */
const checkCommand = (configFile: string): string =>
	`zeoctl -C ${/^[\w@%+=:,./~-]+$/.test(configFile) ? configFile : `'${configFile.replaceAll("'", "'\\''")}'`} check`;

const chosenConfiguration = (overrides: Overrides, place: ReadingPlace): Configuration => {
	const {configFile, specifiers = [], program} = overrides;
	if (configFile !== undefined) return readConfiguration(configFile, specifiers, place);
	if (specifiers.length > 0) {
		throw new ZeoctlError(
			'USAGE',
			'configuration overrides (-X) cannot be used without a configuration file',
		);
	}
	if (!program) throw new ZeoctlError('USAGE', 'no program specified; use -p or -C');
	return defaultConfiguration(place);
};

/** The path of a configuration that is given as path or URL. */
const absolutePath = (location: string, cwd: string): string => {
	if (isPath(location)) return path.resolve(cwd, location);
	const target = urlToPath(location);
	return 'path' in target ? path.resolve(cwd, target.path) : location;
};

const settingsOf = (
	{form, values}: Configuration,
	overrides: Overrides,
	configFile: string | undefined,
): Settings => {
	if (!values) throw new TypeError('a configuration with problems has no settings');
	const {runner, eventlog, health, zeoctl, packs, mail, monitor, transcript} = values;
	const socketGroup = zeoctl?.values['socket-group'];
	const stateDirectory = zeoctl?.values['state-directory'];
	const variables = 'environment' in values ? values.environment?.values.mapping : undefined;
	const eventLog: EventLogSettings | undefined = runner.values.eventlog ?? eventlog;
	const isServer = 'zeo' in values;
	return freeze({
		configFile,
		form,
		runner: runnerSettings(runner, overrides),
		environment: Object.fromEntries(variables ?? []),
		eventLog,
		...(stateDirectory !== undefined && {stateDirectory}),
		...(socketGroup !== undefined && {socketGroup}),
		output: transcriptSettings(transcript),
		...(health !== undefined && {health: healthSettings(health)}),
		stopPackWait: zeoctl?.values['stop-pack-wait'] ?? defaultStopPackWait,
		packs: packSettings(packs),
		...(mail !== undefined && {mail: mailSettings(mail)}),
		...(monitor !== undefined && {monitor: monitor.values.address}),
		zeo: isServer ? zeoSettings(values.zeo) : undefined,
		storages: isServer ? values.storages.map(storageSettings) : [],
		origins: runnerOrigins(runner, overrides),
	});
};

const freeze = <T extends object>(value: T): T => {
	for (const inner of Object.values(value)) {
		if (typeof inner === 'object' && inner !== null && !Object.isFrozen(inner)) freeze(inner);
	}
	return Object.freeze(value);
};
