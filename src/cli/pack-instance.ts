import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {appendHistory, readHistory} from '../history/history.js';
import type {PackRecord} from '../history/pack-record.js';
import {type PackRun, runPacks} from '../pack/run.js';
import type {PackProgress, PackTarget} from '../pack/target.js';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {serverPlace} from '../settings/server-place.js';
import type {PackSettings, ServerSettings, StorageSettings} from '../settings/settings.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import type {Credentials} from '../zeo/digest.js';
import type {InstanceContext} from './command.js';
import {instanceCommand} from './instance-command.js';
import {ownCredentials} from './own-credentials.js';
import type {PackWorld} from './pack-job-ports.js';
import {packRunPorts} from './pack-run-ports.js';
import {reachServer, renderAddress} from './pack-server.js';
import {reportingRun} from './report-runs.js';

/** How much is kept; what is undefined is as configured for the storage. */
type LimitOverrides = {
	readonly days: number | undefined;
	readonly timeOfDay: number | undefined;
};

export type InstanceRun = {
	/** Empty: all. */
	readonly storages: readonly string[];
	readonly limit?: LimitOverrides | undefined;
	readonly credentials?: Credentials | undefined;
	/** As `PackRequest`. */
	readonly slot: number | null;
	readonly by: string;
	readonly stillDue?: () => boolean;
	readonly signal: AbortSignal;
	readonly onProgress?: (progress: PackProgress) => void;
	readonly onRecord?: (record: PackRecord) => void;
};

/**
 * Packs storages of a configured instance, and writes its history. Throws a `ZeoctlError` when the conf names no
 * server, or not these storages.
 */
export const packInstance = async (
	context: InstanceContext,
	{storages, limit, credentials, ...request}: InstanceRun,
): Promise<PackRun> => {
	const {world, targets, lockFolder} = openInstancePacks(context, {storages, limit, credentials});
	return reportingRun(context, request.stillDue, () =>
		runPacks({...request, targets}, packRunPorts(world, {lockFolder, targets})),
	);
};

/** The storages of an instance that are to be packed, and what is needed for it. */
export const openInstancePacks = (
	context: InstanceContext,
	{storages, limit, credentials}: Pick<InstanceRun, 'storages' | 'limit' | 'credentials'>,
): {
	readonly world: PackWorld;
	readonly targets: readonly PackTarget[];
	readonly lockFolder: string;
} => {
	const {system, settings} = context;
	const server = system.resolveServer(settings);
	if (server === undefined)
		throw new ZeoctlError('CONFIGURATION', 'cannot pack: the configuration names no ZEO server');
	const place = serverPlace(settings, system.cwd);
	const reached = reachServer({
		address: server.zeo.address,
		tls: server.zeo.tls,
		credentials: credentials ?? ownCredentials(server),
		timeoutMs: (settings.health?.timeLimit ?? usualSeconds) * 1000,
	});
	const lockFolder = runDirectoryOf(context.instance.socketPath);
	return {
		targets: chooseStorages(server, storages).map(storage =>
			targetOf(storage, {server, packs: settings.packs, limit, directory: place.directory}),
		),
		lockFolder: makeFolder(lockFolder),
		world: {
			system,
			local: {server, place, command: instanceCommand(context)},
			serverOf: () => reached,
			diskFloor: settings.health?.diskFloor ?? usualFloor,
			...instanceHistory(context),
		},
	};
};

/** Where the packs of an instance are written down. */
export const instanceHistory = ({
	system,
	settings,
	instance,
}: InstanceContext): Pick<PackWorld, 'history' | 'append'> => {
	const runDirectory = runDirectoryOf(instance.socketPath);
	const directory = stateDirectoryOf(settings, {runDirectory, cwd: system.cwd});
	return {
		history: () => readHistory(directory),
		append: record => appendHistory(makeFolder(directory), record),
	};
};

/** Those of a `<health>` section (`time-limit`, `disk-floor`) where there is none. */
const usualSeconds = 10;
const usualFloor = 1024 ** 3;

/** The days of a `<pack>` section and its margin, where there is none. */
const usualPack = {days: 7, margin: 10};

const makeFolder = (folder: string): string => {
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
	} catch (error) {
		throw new ZeoctlError('PERMISSION', `cannot pack: ${errorMessage(error)}`, {
			cause: error,
			hint: 'be the user of the server, or root',
		});
	}
	return folder;
};

const chooseStorages = (
	{storages}: ServerSettings,
	names: readonly string[],
): readonly StorageSettings[] => {
	const known = storages.map(({name}) => name);
	const unknown = names.find(name => !known.includes(name));
	if (unknown !== undefined)
		throw new ZeoctlError(
			'USAGE',
			`cannot pack '${unknown}': there is no such storage, only ${known.join(', ')}`,
		);
	return names.length === 0 ? storages : storages.filter(({name}) => names.includes(name));
};

type TargetOptions = {
	readonly server: ServerSettings;
	readonly packs: readonly PackSettings[];
	readonly limit: LimitOverrides | undefined;
	readonly directory: string;
};

const targetOf = (
	{name, path: dataPath, blobDirectory, readOnly}: StorageSettings,
	{server, packs, limit, directory}: TargetOptions,
): PackTarget => {
	const own = packs.find(each => each.storage === name);
	const {days, margin} = own ?? packs.find(each => each.storage === undefined) ?? usualPack;
	const place = (file: string): string => path.resolve(directory, file);
	return {
		storage: name,
		address: renderAddress(server.zeo.address),
		limit: {days: limit?.days ?? days, timeOfDay: limit?.timeOfDay},
		margin,
		files:
			dataPath === undefined
				? undefined
				: {
						dataPath: place(dataPath),
						blobDirectory: blobDirectory === undefined ? undefined : place(blobDirectory),
					},
		readOnly,
	};
};
