import {realpathSync} from 'node:fs';
import path from 'node:path';
import {pidFileOf} from '../control/pid-file.js';
import {runDirectoryOf} from '../control/snapshot.js';
import type {ServiceFacts} from '../generate/service-facts.js';
import {serviceName} from '../generate/service-name.js';
import {findAccount, findGroupName} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {serverLog} from '../settings/server-log.js';
import {serverPlace} from '../settings/server-place.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import {filesToRead} from './files-to-read.js';
import {isInstalled} from './is-installed.js';
import {findMadeInstance} from './made-instance.js';
import {findOwnPrograms} from './own-programs.js';
import type {System} from './system.js';

/**
 * What the service files of an instance are made from. `group` is for a user that does not exist yet, by
 * default what was answered when the instance was made; else it is that of the user. Throws where the conf cannot be a service.
 */
export const readServiceFacts = async (
	system: System,
	settings: Settings,
	{group}: {readonly group?: string} = {},
): Promise<ServiceFacts> => {
	const {configFile: conf, runner} = settings;
	if (!conf?.startsWith('/')) throw refusal('only a conf in a file can be one', 'name it with -C');
	const name = serviceName(conf);
	if (name === undefined)
		throw refusal(`${quote(conf)} holds no letter or digit for its name`, 'rename the conf');
	if (runner.user === undefined)
		throw refusal('the conf names no user', 'add a line to <runner>, such as: user zeo');
	const account = await findAccount(runner.user);
	const instance = findMadeInstance(conf);
	const user = account?.name ?? runner.user;
	const directory = workingDirectory(settings, system.cwd);
	const server = system.resolveServer(settings);
	const socketPath = path.resolve(directory, runner.socketName);
	const stateDirectory = stateDirectoryOf(settings, {
		runDirectory: runDirectoryOf(socketPath),
		cwd: directory,
	});
	const written = writtenFolders(settings, server, {directory, socketPath, stateDirectory});
	const facts: ServiceFacts = {
		...{name, conf, directory, user, stateDirectory: real(stateDirectory)},
		...findOwnPrograms(system.programName),
		canConnect: ['perl', 'python3'].some(isInstalled),
		group: await groupOf(account, group ?? instance?.group ?? user),
		home: account?.home ?? directory,
		socketFolder: real(path.dirname(socketPath)),
		pidFile: real(pidFileOf(socketPath)),
		...written,
		confs: filesToRead(settings, server, system).map(real),
		logs: unrotatedLogs(settings, server, directory),
		...{startTimeout: runner.startTimeout, stopTimeout: runner.stopTimeout},
		needsAddress: needsAddress(server),
		...{packs: settings.packs, mailTo: settings.mail?.to},
		...(instance && {instance: instance.folder}),
		hasSendmail: settings.mail?.sendmail !== undefined,
	};
	refuseUnwritable(facts);
	return facts;
};

const refusal = (why: string, hint: string): ZeoctlError =>
	new ZeoctlError('CONFIGURATION', `cannot make a service: ${why}`, {hint});

/** Loopback and all addresses are there from the beginning; of a program that is unknown nobody knows. */
const needsAddress = (server: ServerSettings | undefined): boolean => {
	const address = server?.zeo.address;
	if (address === undefined) return true;
	return (
		address.family !== 'unix' &&
		!/^(?:|\*|localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1?)$/i.test(address.host)
	);
};

/** Where relative paths of the conf count from: the caller's folder, if there are any. */
const workingDirectory = ({configFile, runner, stateDirectory}: Settings, cwd: string): string => {
	const {directory, socketName, program, transcript} = runner;
	const [command = ''] = program;
	const counted = [
		...[socketName, stateDirectory, directory],
		...(directory === undefined ? [transcript, command.includes('/') ? command : undefined] : []),
	];
	const isRelative = counted.some(each => each !== undefined && !path.isAbsolute(each));
	if (isRelative) return cwd;
	return real(directory ?? path.dirname(configFile ?? cwd));
};

const groupOf = async (account: Account | undefined, fallback: string): Promise<string> =>
	account === undefined ? fallback : ((await findGroupName(account.gid)) ?? String(account.gid));

type Places = {
	readonly directory: string;
	readonly socketPath: string;
	readonly stateDirectory: string;
};

const writtenFolders = (
	settings: Settings,
	server: ServerSettings | undefined,
	{directory, socketPath, stateDirectory}: Places,
): Pick<ServiceFacts, 'folders' | 'writable' | 'data'> => {
	const place = serverPlace(settings, directory);
	const storages = server?.storages ?? settings.storages;
	const address = server?.zeo.address;
	const databases = storages.flatMap(storage => storage.path ?? []);
	const files = [
		socketPath,
		...place.logs,
		...(server?.logFiles ?? []),
		...databases,
		...(address?.family === 'unix' ? [address.path] : []),
		...(server?.zeo.pidFilename === undefined ? [] : [server.zeo.pidFilename]),
	];
	const places = (all: readonly string[]) =>
		[...new Set(all.map(folder => real(path.resolve(place.directory, folder))))].sort();
	const folders = [
		...files.map(file => path.dirname(path.resolve(place.directory, file))),
		stateDirectory,
	];
	// The server makes the folder of its blobs, for itself alone, wherever it may.
	const blobs = storages.flatMap(storage => storage.blobDirectory ?? []);
	const writable = withoutInner(places([...folders, ...blobs]), real(stateDirectory));
	return {
		writable,
		folders: places([...folders, ...writable]),
		data: places([...databases, ...blobs]),
	};
};

/** A folder inside of another one needs no mention; that of the state stays, for systemd to make it. */
const withoutInner = (folders: readonly string[], kept: string): readonly string[] =>
	folders.filter(
		folder => folder === kept || !folders.some(other => folder.startsWith(`${other}/`)),
	);

const unrotatedLogs = (
	settings: Settings,
	server: ServerSettings | undefined,
	directory: string,
): readonly string[] => {
	const own = serverLog(settings.eventLog, directory).unrotatedLogs ?? [];
	const transcript =
		settings.runner.transcript && path.resolve(directory, settings.runner.transcript);
	const logs = [...own, ...(server?.unrotatedLogs ?? [])].map(real);
	return [...new Set(logs)].filter(log => log !== transcript);
};

/** The path without symbolic links, as far as it exists. */
const real = (file: string): string => {
	try {
		return realpathSync(file);
	} catch {
		const parent = path.dirname(file);
		return parent === file ? file : path.join(real(parent), path.basename(file));
	}
};

/** No file that these facts go into can hold such a character. */
const refuseUnwritable = (facts: ServiceFacts): void => {
	const {conf, node, script, directory, user, group, home, writable, logs} = facts;
	for (const text of [conf, node, script, directory, user, group, home, ...writable, ...logs]) {
		if (/\p{Cc}|\p{Surrogate}|[\u2028\u2029\ufffd]/u.test(text))
			throw refusal(`${quote(text)} holds a control character`, 'rename it');
	}
	for (const account of [user, group]) {
		if (!/^[A-Za-z0-9_][\w.-]*\$?$/.test(account))
			throw refusal(`${quote(account)} is no name of an account`, 'change it in <runner>');
	}
	// systemd expands nothing in the file of a command, and knows no quotes for it.
	for (const program of [node, facts.launcher]) {
		if (/["'\\$\s]/.test(program))
			throw refusal(`systemd cannot run ${quote(program)}`, 'install it at a plain path');
	}
};
