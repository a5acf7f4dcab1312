import {existsSync} from 'node:fs';
import path from 'node:path';
import {tryRunDirectory} from '../control/run-directory.js';
import {findSocketGroup} from '../control/socket-group.js';
import {temporaryAddress} from '../control/socket-path.js';
import {refuseOccupied} from '../control/socket-trouble.js';
import {currentUser} from '../guard/place-facts.js';
import {findAccount} from '../platform/accounts.js';
import {isZeoctlError, ZeoctlError} from '../platform/errors.js';
import {findEncoder} from '../platform/text-encoding.js';
import {tryAppending} from '../platform/try-appending.js';
import {inspectExecutable} from '../program/executable.js';
import {explainExecutable} from '../program/failure-execution.js';
import {locateProgram} from '../program/locate.js';
import type {CheckReport, Finding} from '../settings/check.js';
import {isConfigurationError} from '../settings/configuration-error.js';
import {useForEventLog} from '../settings/event-log-failure.js';
import {pathOfUrl} from '../settings/explain.js';
import {serverPlace} from '../settings/server-place.js';
import type {Settings} from '../settings/settings.js';
import {tryTranscript} from '../transcript/direct.js';
import {becomeAccount, instanceAccount} from './drop-privileges.js';
import {instanceFolders, tryFolder} from './folders.js';
import {locateKey} from './locate-key.js';
import {logFilesOf, transcriptOf} from './log-warnings.js';
import {presumeUser} from './presumed-user.js';
import type {System} from './system.js';
import {unknownUser} from './unknown-user.js';

type Place = Pick<Finding, 'file' | 'line'>;

/** Something that a start needs, and where the conf asks for it. */
type Need = {
	readonly place: Place;
	/** Throws the error of the start. */
	tryIt(): void | Promise<void>;
};

/** What a start would be refused for before it comes to the databases, as warnings. Root becomes the user for good. */
export const findStartWarnings = async (
	system: System,
	found: Pick<CheckReport, 'settings' | 'server'>,
): Promise<readonly Finding[]> => {
	const {settings} = found;
	if (settings === undefined) return [];
	const {configFile, socketGroup, runner} = settings;
	const socketPath = path.resolve(system.cwd, runner.socketName);
	const needs: readonly Need[] = [
		{place: placeOf(settings, 'user'), tryIt: () => tryUser(system, settings)},
		{place: placeOf(settings, 'socket-name'), tryIt: () => trySocket(socketPath)},
		...(socketGroup === undefined
			? []
			: [
					{
						place: {file: configFile, line: locateKey(configFile, 'socket-group')},
						tryIt: async () => void (await findSocketGroup(socketGroup)),
					},
				]),
		{
			place: placeOf(settings, 'directory'),
			tryIt: () => tryFolder(path.resolve(system.cwd, runner.directory ?? '.')),
		},
		...((await becomeUser(system, settings, found.server))
			? [
					{
						place: placeOf(settings, 'socket-name'),
						tryIt: () => tryRunDirectory(socketPath),
					},
					...needsOfUser(system, settings, found.server),
				]
			: []),
	];
	const warnings: Finding[] = [];
	for (const {place, tryIt} of needs) {
		try {
			await tryIt();
		} catch (error) {
			if (!isZeoctlError(error)) throw error;
			warnings.push(toFinding(error, place));
		}
	}
	return warnings;
};

/** Where the conf sets a key of the runner. */
const placeOf = ({origins, configFile}: Settings, key: string): Place => {
	const origin = origins[key];
	if (origin?.from === 'file') return {file: pathOfUrl(origin.url), line: origin.line};
	return {file: origin?.from === 'flag' ? undefined : configFile, line: undefined};
};

/** A mistake of the conf may know its place better. */
const toFinding = (error: ZeoctlError, place: Place): Finding => {
	const [problem] = isConfigurationError(error) ? error.problems : [];
	return {
		severity: 'warning',
		message: problem?.message ?? error.message,
		...(problem?.url === undefined ? place : {file: pathOfUrl(problem.url), line: problem.line}),
		hint: error.hint,
		text: undefined,
	};
};

/** Whether this process is who would run the program, or has become so: anybody else cannot tell what that user may do. */
const becomeUser = async (
	system: System,
	settings: Settings,
	server: CheckReport['server'],
): Promise<boolean> => {
	const {user} = settings.runner;
	const account = user === undefined ? undefined : await findAccount(user);
	if (account !== undefined && becomeAccount(account, system.identity)) return true;
	const self = await currentUser();
	const runner = account ?? (await presumeUser(settings, server, system.cwd));
	return runner.uid === self.uid;
};

const needsOfUser = (
	{environment, cwd}: System,
	settings: Settings,
	server: CheckReport['server'],
): readonly Need[] => {
	const {runner, eventLog, configFile} = settings;
	const transcript = transcriptOf(settings, cwd);
	const ownPlace = {file: configFile, line: undefined};
	const ownLogs = logFilesOf(eventLog).map(log => ({...log, path: path.resolve(cwd, log.path)}));
	const own = new Set(ownLogs.map(log => log.path));
	const serverLogs = (server?.logFiles ?? []).filter(log => !own.has(log));
	// A start makes these folders.
	const coming = instanceFolders(runner, cwd).filter(folder => !existsSync(folder));
	const isComing = (file: string): boolean => coming.includes(path.dirname(file));
	const programs = Object.entries({
		program: {words: runner.program, folder: cwd},
		'start-test-program': {
			words: runner.startTestProgram,
			folder: serverPlace(settings, cwd).directory,
		},
	});
	return [
		...programs.flatMap(([key, {words, folder}]) =>
			words === undefined
				? []
				: [
						{
							place: placeOf(settings, key),
							tryIt: () =>
								tryProgram(key, words, {...environment, ...settings.environment}, folder),
						},
					],
		),
		...(transcript === undefined || isComing(transcript)
			? []
			: [{place: placeOf(settings, 'transcript'), tryIt: () => tryTranscript(transcript)}]),
		...serverLogs
			.filter(log => !isComing(log))
			.map(log => ({
				place: {file: server?.confPath, line: undefined},
				tryIt: () => useForEventLog({path: log}, 'path', () => tryAppending(log)),
			})),
		...ownLogs.flatMap(log => [
			{
				place: ownPlace,
				tryIt: () =>
					isComing(log.path)
						? undefined
						: useForEventLog(log, 'path', () => tryAppending(log.path)),
			},
			{
				place: ownPlace,
				tryIt: () => void useForEventLog(log, 'encoding', () => findEncoder(log.encoding)),
			},
		]),
	];
};

const tryUser = async (system: System, settings: Settings): Promise<void> => {
	await instanceAccount({
		user: settings.runner.user,
		euid: system.identity.geteuid(),
		anyone: true,
		refuse: async message => unknownUser(message, system, settings),
	});
};

/** A descriptor of a supervisor has two digits, as a rule. */
const someDescriptor = 10;

const trySocket = (socketPath: string): void => {
	temporaryAddress(socketPath, someDescriptor);
	refuseOccupied(socketPath);
};

const tryProgram = (
	key: string,
	[word]: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	folder: string,
): void => {
	const file = locateProgram(word, environment['PATH'], folder, key);
	const {cause, hint} = explainExecutable(file, inspectExecutable(file)) ?? {};
	if (cause !== undefined)
		throw new ZeoctlError('PROGRAM_UNUSABLE', cause, hint === undefined ? {} : {hint});
};
