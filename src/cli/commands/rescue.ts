import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {describeFile} from '../../health/lost-files.js';
import {errorMessage, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderShellCommand} from '../../platform/shell-word.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {serverPlace} from '../../settings/server-place.js';
import type {StorageSettings} from '../../settings/settings.js';
import {nameOf} from '../../storage/open-files.js';
import {rescueFile, SourceChanged} from '../../storage/rescue-file.js';
import type {ServedFile} from '../../storage/served-file.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {findServed, type Served} from '../find-served-files.js';
import {findHidden} from '../hidden-server.js';
import {instanceCommand} from '../instance-command.js';
import {answer, say} from '../output.js';
import {recordDecision} from '../record-decision.js';
import {showProgress} from '../rescue-progress.js';
import {type Rescue, renderRescue, rescueDocument} from '../rescue-report.js';
import {defaultTarget, refuseFullDisk, refuseLivePath} from '../rescue-target.js';
import {runningStorages} from '../running-server.js';
import {sameCommandAs} from '../same-command.js';

export const rescue: InstanceCommand = {
	name: 'rescue',
	summary: 'copy a deleted database out of the server that still has it open',
	usage: '[STORAGE] [--to FILE] [--json]',
	options: [
		[
			'STORAGE',
			'its name, or the last name of a file of no known storage; without one, all that is not where it should be',
		],
		['--to FILE', 'the copy (default: beside the lost file, with the time in its name)'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'A file that was deleted lives on until the server ends: do not stop or restart it first. The server may go on writing; the copy ends with the last finished transaction, and every transaction in it is checked.',
		'Nothing is overwritten, and nothing half is left behind. It may be run again, also to get what was committed later. It ends with the next commands to type.',
	],
	scope: 'instance',
	acceptsMissing: true,
	async run(context) {
		const {name, to} = parseWords(context.action.argumentWords);
		const {storages, directory} = findStorages(context);
		// All of them, because which file is whose may show by what is left over.
		const served = await findServed(context, storages, directory);
		refuseUnknown(
			[...storages.map(each => each.name), ...served.files.map(each => each.storage)],
			name,
		);
		const files = served.files.filter(({storage}) => name === undefined || storage === name);
		if (files.length === 0) refuseUnclear(context, served.files);
		if (files.length === 0) return concludeUnserved(context, {served, storages, directory, name});
		const lost = files.filter(({state}) => state !== 'in-place');
		if (lost.length === 0) return tellNothingLost(context, files);
		if (to !== undefined && lost.length > 1) {
			throw new ZeoctlError(
				'USAGE',
				`cannot rescue ${lost.length} files to one: name one of ${lost.map(each => each.storage).join(', ')}`,
			);
		}
		const rescues: Rescue[] = [];
		for (const file of lost)
			rescues.push(
				await rescueOne(context, {file, to, storages, directory, isOurs: served.isOurs}),
			);
		const command = instanceCommand(context);
		answer(context, {
			action: 'rescue',
			outcome: 'rescued',
			files: rescues.map(each => rescueDocument(each, command)),
		});
		const isSound = rescues.every(({copied}) => copied.damagedAt === undefined);
		return exitCode(isSound ? 'ok' : 'failed');
	},
};

const parseWords = (
	words: readonly string[],
): {readonly name: string | undefined; readonly to: string | undefined} => {
	const names: string[] = [];
	let to: string | undefined;
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? '';
		if (word === '--to') {
			index += 1;
			to = words[index];
			if (to === undefined || to === '')
				throw new ZeoctlError('USAGE', 'cannot rescue: --to needs the name of a file');
		} else if (word.startsWith('--to=') && word.length > 5) to = word.slice(5);
		else if (word.startsWith('-'))
			throw new ZeoctlError('USAGE', `cannot rescue: there is no option ${quote(word)}, only --to`);
		else names.push(word);
	}
	if (names.length > 1)
		throw new ZeoctlError('USAGE', 'cannot rescue several storages by name: name one, or none');
	return {name: names[0], to};
};

const findStorages = (
	context: InstanceContext,
): {
	readonly storages: readonly StorageSettings[];
	readonly directory: string;
} => {
	const {directory} = serverPlace(context.settings, context.system.cwd);
	const storages = runningStorages(context).filter(each => each.path !== undefined);
	return {storages, directory};
};

const refuseUnknown = (known: readonly string[], name: string | undefined): void => {
	if (name === undefined || known.length === 0 || known.includes(name)) return;
	throw new ZeoctlError(
		'USAGE',
		`cannot rescue storage '${renderForTerminal(name)}': there is no such storage, only ${[...new Set(known)].map(renderForTerminal).join(', ')}`,
	);
};

/** Throws where the file of the storage may be one of several. */
const refuseUnclear = (context: InstanceContext, files: readonly ServedFile[]): void => {
	const names = files.flatMap(({storage, isUnclaimed}) => (isUnclaimed ? [storage] : []));
	const [first] = names;
	if (first === undefined) return;
	throw new ZeoctlError(
		'RESCUE',
		`cannot rescue the storage: whether its file is ${names.map(each => `'${renderForTerminal(each)}'`).join(' or ')} cannot be told`,
		{
			hint: `copy it by that name: ${renderShellCommand([...instanceCommand(context), 'rescue', first, '--to', '/PATH/TO/COPY'])}`,
		},
	);
};

type Unserved = {
	readonly served: Served;
	readonly storages: readonly StorageSettings[];
	readonly directory: string;
	readonly name: string | undefined;
};

/** Nobody is seen who has the files: they may be hidden, or where they should be, or lost. */
const concludeUnserved = async (
	context: InstanceContext,
	{served, storages, directory, name}: Unserved,
): Promise<number> => {
	if (storages.length === 0 && !served.isHidden)
		throw new ZeoctlError(
			'CONFIGURATION',
			'cannot rescue a database: the configuration names no storage with a file',
		);
	const hidden = served.isHidden
		? `the server runs (pid ${served.pid})`
		: await findHidden(context, storages, directory);
	if (hidden !== undefined)
		throw new ZeoctlError(
			'PERMISSION',
			`cannot rescue: ${renderForTerminal(hidden)}, and what it has open may not be seen`,
			asRoot(context),
		);
	const asked = storages
		.filter(each => name === undefined || each.name === name)
		.map(storage => path.resolve(directory, storage.path ?? ''));
	if (!asked.every(file => isThere(context, file))) throw nothingSeen();
	for (const file of asked)
		say(
			context,
			`${renderForTerminal(`nothing to rescue: ${file} is there, and no process is seen that has it open`)}\n`,
		);
	answer(context, {action: 'rescue', outcome: 'nothing-to-rescue', files: []});
	return exitCode('ok');
};

/** It only reads what others have: root may do so as itself, whoever the conf names. */
const asRoot = ({system}: InstanceContext) => ({hint: sameCommandAs('root', system)});

/** Throws where that may not be seen: what is hidden is not lost. */
const isThere = (context: InstanceContext, file: string): boolean => {
	try {
		return statSync(file, {throwIfNoEntry: false})?.isFile() ?? false;
	} catch (cause) {
		throw new ZeoctlError('PERMISSION', `cannot rescue: ${errorMessage(cause)}`, {
			cause,
			...asRoot(context),
		});
	}
};

const nothingSeen = (): ZeoctlError =>
	new ZeoctlError(
		'NOT_RUNNING',
		'cannot rescue: no process is seen that has the database open, and a deleted file ends with the last one',
		{hint: 'look for Data.fs.old and for backups before anything is started'},
	);

const tellNothingLost = (context: InstanceContext, files: readonly ServedFile[]): number => {
	for (const file of files)
		say(context, `${renderForTerminal(`nothing to rescue: ${describeFile(file)}`)}\n`);
	answer(context, {action: 'rescue', outcome: 'nothing-to-rescue', files: []});
	return exitCode('ok');
};

type Task = {
	readonly file: ServedFile;
	readonly to: string | undefined;
	readonly storages: readonly StorageSettings[];
	readonly directory: string;
	readonly isOurs: boolean;
};

const rescueOne = async (
	context: InstanceContext,
	{file, to, storages, directory, isOurs}: Task,
): Promise<Rescue> => {
	const {system} = context;
	const command = instanceCommand(context);
	const target = path.resolve(system.cwd, to ?? defaultTarget(file, system.clock.now()));
	const elsewhere = [...command, 'rescue', file.storage, '--to', '/PATH/TO/COPY'];
	refuseLivePath(target, storages, {directory, steps: howToProceed(command, file)});
	refuseFullDisk(file, target, elsewhere);
	const storage = storages.find(({name}) => name === file.storage);
	const blobDirectory = storage?.blobDirectory && path.resolve(directory, storage.blobDirectory);
	const copied = await copy(context, file, target);
	const rescued: Rescue = {
		file,
		target,
		copied,
		blobs: blobDirectory === undefined ? 'none' : existsSync(blobDirectory) ? 'present' : 'gone',
		blobDirectory,
		hasFolder: existsSync(path.dirname(file.path)),
		isOurs,
	};
	recordDecision(context, {
		decision: 'rescue',
		subject: file.storage,
		description: `${describeFile(file)}; copied to ${target}: ${copied.bytes} bytes, last transaction ${copied.lastTransaction ?? 'none'}`,
	});
	say(context, renderRescue(rescued, command));
	return rescued;
};

const howToProceed = (command: readonly string[], {storage}: ServedFile): string =>
	`end the clients that write, ${renderShellCommand([...command, 'rescue', storage])}, then ${renderShellCommand([...command, 'stop'])}, mv the copy, ${renderShellCommand([...command, 'start'])}`;

const copy = async ({system}: InstanceContext, file: ServedFile, target: string) => {
	const ending = new AbortController();
	const ignore = system.onEnd(() => ending.abort());
	const progress = showProgress(system);
	try {
		return await rescueFile({
			source: nameOf(file.pid, file.descriptor),
			inode: file.inode,
			target,
			pid: system.pid,
			onProgress: progress.onProgress,
			signal: ending.signal,
		});
	} catch (error) {
		throw ending.signal.aborted
			? new ZeoctlError('RESCUE', 'cannot rescue: it was interrupted, and nothing was left behind')
			: explain(error, file, target);
	} finally {
		progress.end();
		ignore();
	}
};

const explain = (cause: unknown, {pid, path: lost}: ServedFile, target: string): ZeoctlError => {
	const code = systemErrorCode(cause);
	if (cause instanceof SourceChanged || code === 'ENOENT')
		return new ZeoctlError(
			'RESCUE',
			`cannot rescue '${lost}': the server (pid ${pid}) does not have it open any more`,
			{cause},
		);
	const reason = code === 'EEXIST' ? 'it exists, and nothing is overwritten' : errorMessage(cause);
	const isDenied = code === 'EACCES' || code === 'EPERM';
	return new ZeoctlError(
		isDenied ? 'PERMISSION' : 'RESCUE',
		`cannot rescue to '${renderForTerminal(target)}': ${reason}`,
		{cause, ...(code === 'EEXIST' && {hint: 'choose another name with --to'})},
	);
};
