import path from 'node:path';
import {socketAddress} from '../schema/addresses.js';
import {isConversionError} from '../schema/conversion-error.js';
import {float} from '../schema/datatypes.js';
import {runzeoSchema} from '../schema/forms.js';
import {matchTree} from '../schema/match.js';
import {type Override, parseSpecifier} from '../schema/overrides.js';
import type {StorageValue} from '../schema/storages.js';
import type {Problem} from '../zconfig/errors.js';
import type {Tree} from '../zconfig/tree.js';
import {pathOfUrl} from './explain.js';
import {type FileSystem, nodeFileSystem, surroundingsOf} from './file-system.js';
import {type ReadingPlace, readTree} from './read-configuration.js';
import {authenticationDatabaseOf, isRemovedKey, withoutRemovedKeys} from './removed-keys.js';
import {findServerCommand, type ServerCommand} from './server-command.js';
import {serverLog} from './server-log.js';
import {storageSettings, zeoSettings} from './server-settings.js';
import type {ServerSettings, Settings, StorageSettings, ZeoSettings} from './settings.js';

export type ServerOptions = {
	/** The caller's environment; `<environment>` is added. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly fileSystem?: FileSystem;
};

export type ServerResolution = {
	/** Undefined when the program is not known to be a ZEO server, or no ZEO can use its conf. */
	readonly server: ServerSettings | undefined;
	/** Why the server will refuse to start, in its own words; a ZEO 4 does not mind keys that others have dropped. */
	readonly problems: readonly Problem[];
};

/**
 * The ZEO server that the program runs: as the conf says that its command line names, directly or through a wrapper
 * script, else as the sections of our own file say.
 */
export const resolveServer = (
	settings: Settings,
	{environment, cwd, fileSystem = nodeFileSystem}: ServerOptions,
): ServerResolution => {
	const {runner} = settings;
	const directory = runner.daemon && runner.directory ? path.resolve(cwd, runner.directory) : cwd;
	const place = {
		environment: {...environment, ...settings.environment},
		cwd: directory,
		fileSystem,
	};
	const command = findServerCommand(runner.program, {...place, directory});
	const own = ownServer(settings, directory);
	if (!command) return {server: own, problems: []};
	if (command.configure !== undefined) {
		const named = configuredServer(command, command.configure, place);
		return {server: named.server ?? own, problems: named.problems};
	}
	return command.address === undefined
		? {server: own, problems: []}
		: serverOfOptions(command, place);
};

const ownServer = (
	{configFile, zeo, storages, eventLog}: Settings,
	directory: string,
): ServerSettings | undefined =>
	zeo && {confPath: configFile, zeo, storages, ...serverLog(eventLog, directory)};

const configuredServer = (
	command: ServerCommand,
	configure: string,
	place: ReadingPlace,
): ServerResolution => {
	const overrides = command.specifiers
		.map(parseSpecifier)
		.filter((override): override is Override => 'path' in override);
	const tree = readTree(configure, place);
	const surroundings = surroundingsOf(place.fileSystem, place.environment, place.cwd);
	const match = (each: Tree) =>
		matchTree({tree: each, schema: runzeoSchema(), surroundings, overrides});
	const {values: present, problems} = match(tree);
	const isOld = problems.length > 0 && problems.every(isRemovedKey);
	const values = isOld ? match(withoutRemovedKeys(tree)).values : present;
	if (!values)
		return {server: undefined, problems: tree.sources.length > 0 ? problems : problems.slice(0, 1)};
	const clash = nameClash(values.storages);
	if (clash !== undefined) return refused(clash, tree.url);
	const own: ServerSettings = {
		confPath: pathOfUrl(tree.url),
		zeo: {...zeoSettings(values.zeo), ...passwordsOf(tree, place)},
		storages: values.storages.map(storageSettings),
		...serverLog(values.eventlog, place.cwd),
	};
	const {server, problems: more} = withOptions(own, command, place);
	return {server, problems: [...problems, ...more]};
};

const passwordsOf = (
	tree: Tree,
	{cwd}: ReadingPlace,
): Pick<ZeoSettings, 'authenticationDatabase'> => {
	const file = authenticationDatabaseOf(tree);
	return file === undefined ? {} : {authenticationDatabase: path.resolve(cwd, file)};
};

/** A server without a conf: address and files from the command line. */
const serverOfOptions = (command: ServerCommand, place: ReadingPlace): ServerResolution => {
	const zeo: ZeoSettings = {
		address: {family: 'inet', host: '', port: null},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	};
	return withOptions({confPath: undefined, zeo, storages: [], hasEventLog: false}, command, place);
};

/** Options of the command line beat the conf. */
const withOptions = (
	server: ServerSettings,
	{address, timeout, pidFile, filenames}: ServerCommand,
	place: ReadingPlace,
): ServerResolution => {
	const surroundings = surroundingsOf(place.fileSystem, place.environment, place.cwd);
	try {
		const {zeo} = server;
		return {
			server: {
				...server,
				zeo: {
					...zeo,
					address: address === undefined ? zeo.address : socketAddress(address, surroundings),
					transactionTimeout:
						timeout === undefined ? zeo.transactionTimeout : float(timeout, surroundings),
					pidFilename: pidFile ?? zeo.pidFilename,
				},
				storages: filenames.length > 0 ? filenames.map(storageOfFile) : server.storages,
			},
			problems: [],
		};
	} catch (error) {
		if (isConversionError(error)) return refused(error.message, undefined);
		throw error;
	}
};

const storageOfFile = (file: string, index: number): StorageSettings => ({
	name: String(index + 1),
	type: 'filestorage',
	path: file,
	blobDirectory: undefined,
	readOnly: false,
	create: false,
});

const refused = (message: string, url: string | undefined): ServerResolution => ({
	server: undefined,
	problems: [{message, style: 'none', url, line: undefined}],
});

/** What runzeo checks after the schema. */
const nameClash = (storages: readonly StorageValue[]): string | undefined => {
	const unnamed = storages.filter(({name}) => name === undefined);
	if (unnamed.length > 1) return 'No more than one storage may be unnamed.';
	return unnamed.length === 1 && storages.some(({name}) => name === '1')
		? "Can't have an unnamed storage and a storage named 1."
		: undefined;
};
