import {runDirectoryOf} from '../../control/snapshot.js';
import {currentUser} from '../../guard/place-facts.js';
import {findAccount} from '../../platform/accounts.js';
import {errorMessage, isZeoctlError} from '../../platform/errors.js';
import {renderShellCommand} from '../../platform/shell-word.js';
import {type CheckReport, checkConfiguration} from '../../settings/check.js';
import {nodeFileSystem, readingOnce} from '../../settings/file-system.js';
import type {LoadOptions} from '../../settings/load.js';
import {serverPlace} from '../../settings/server-place.js';
import type {Settings} from '../../settings/settings.js';
import {stateDirectoryOf} from '../../settings/state-directory.js';
import {advised} from '../advised.js';
import type {Context} from '../command.js';
import {confHint} from '../conf-hint.js';
import {accountEnvironment, becomeAccount} from '../drop-privileges.js';
import {openInstance} from '../instance.js';
import {instanceCommand} from '../instance-command.js';
import {presumeUser} from '../presumed-user.js';
import {describe} from '../show-error.js';
import type {System} from '../system.js';
import {lookAtDatabases} from './databases.js';
import {readPythonFacts} from './python-facts.js';
import {statIfSeen} from './seen-files.js';
import {lookAtService} from './service-look.js';
import type {Configured, Contact, RunUser, Subject} from './subject.js';
import {readTolerantly, type TolerantReading} from './tolerant-conf.js';

/**
 * Everything that checks look at. Reads the conf, then becomes the user of the instance where root asks: what that user
 * may do is then seen, not reckoned. `close` ends what was opened.
 */
export const openSubject = async (
	{system, commandLine}: Pick<Context, 'system' | 'commandLine'>,
	{etc = '/etc'}: {readonly etc?: string} = {},
): Promise<{readonly subject: Subject; close(): void}> => {
	const isRoot = system.identity.geteuid() === 0;
	const {overrides} = commandLine;
	const {environment, cwd} = system;
	const place = {overrides, environment, cwd, fileSystem: readingOnce(nodeFileSystem)};
	const report = readReport(system, place);
	const conf = readConf(place, report);
	const configured =
		conf.settings && (await openConfigured({system, commandLine}, conf.settings, conf.server, etc));
	const own = instanceCommand({system, commandLine});
	const asRoot = (...words: readonly string[]): string =>
		renderShellCommand([...(isRoot ? [] : ['sudo']), ...words]);
	const subject: Subject = {
		...{system, isRoot, etc, report, configured: configured?.configured},
		now: system.clock.now() / 1000,
		zeoctl: (...words) => renderShellCommand([...own, ...words]),
		asRoot,
		asOwner: (file, ...words) =>
			statIfSeen(file)?.uid === process.geteuid?.() ? renderShellCommand(words) : asRoot(...words),
		zeoctlAsRoot: (...words) => asRoot(...own, ...words),
	};
	return {subject, close: () => configured?.close()};
};

const readReport = (system: System, place: LoadOptions): Subject['report'] => {
	const {overrides} = place;
	if (overrides.configFile === undefined && overrides.program === undefined)
		return {unreadable: 'no conf is named', hint: confHint(system).hint ?? 'name one with -C'};
	try {
		return checkConfiguration(place);
	} catch (error) {
		return {
			unreadable: errorMessage(error),
			hint: isZeoctlError(error) ? error.hint : undefined,
		};
	}
};

/** Where there are mistakes, the rest of the conf still tells what to look at. */
const readConf = (place: LoadOptions, report: Subject['report']): TolerantReading => {
	if ('unreadable' in report) return {settings: undefined, server: undefined};
	return report.findings.some(({severity}) => severity === 'error')
		? readTolerantly(place, report)
		: report;
};

const openConfigured = async (
	{system, commandLine}: Pick<Context, 'system' | 'commandLine'>,
	settings: Settings,
	server: CheckReport['server'],
	etc: string,
): Promise<{readonly configured: Configured; close(): void}> => {
	const isRoot = system.identity.geteuid() === 0;
	const {user, environment: plain} = await enter(system, settings, server);
	const instance = openInstance({system, settings, environment: plain, warn: () => undefined});
	const {socketPath, environment} = instance;
	const place = serverPlace(settings, system.cwd);
	const runDirectory = runDirectoryOf(socketPath);
	return {
		close: instance.close,
		configured: {
			...{settings, server, user, socketPath, runDirectory, environment},
			directory: place.directory,
			stateDirectory: stateDirectoryOf(settings, {runDirectory, cwd: system.cwd}),
			contact: once(() =>
				instance
					.lookClosely()
					.catch(async error =>
						toUnusable(system, await advised({system, commandLine, settings}, error)),
					),
			),
			python: once(async () => {
				// Root would run it as root.
				if (user.account === undefined) throw new Error(`there is no user '${user.named}' yet`);
				const {program} = settings.runner;
				return readPythonFacts(program, {environment, directory: place.directory});
			}),
			databases: once(async () =>
				server === undefined
					? []
					: lookAtDatabases(server, {
							...place,
							command: instanceCommand({system, commandLine}),
							user: user.account ?? (await currentUser()),
							isNamed: settings.runner.user !== undefined,
							isRoot,
						}),
			),
			service: once(() => lookAtService(system, settings, etc)),
		},
	};
};

/** Whoever runs the program, and this process in the same clothes where that is possible. */
const enter = async (
	system: System,
	settings: Settings,
	server: CheckReport['server'],
): Promise<{readonly user: RunUser; readonly environment: NodeJS.ProcessEnv}> => {
	const named = settings.runner.user;
	const presumed =
		named === undefined ? await presumeUser(settings, server, system.cwd) : undefined;
	const account = await findAccount(named ?? String(presumed?.uid));
	const hasChanged = account !== undefined && becomeAccount(account, system.identity);
	const self = await currentUser();
	const found = account ?? presumed;
	return {
		environment: {...system.environment, ...(hasChanged && accountEnvironment(account))},
		user: {named: named ?? found?.name, account: found, isSelf: found?.uid === self.uid},
	};
};

const toUnusable = (system: System, error: unknown): Contact => {
	const {message, hint} = describe(system, error);
	return {contact: 'unusable', reason: message, hint: hint ?? undefined};
};

/** The same answer for everybody who asks; work begins with the first. */
const once = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
	let answer: Promise<Value> | undefined;
	return () => {
		answer ??= work();
		return answer;
	};
};
