import {existsSync, statfsSync} from 'node:fs';
import path from 'node:path';
import {renderHolder, searchListener} from '../guard/describe-holder.js';
import type {Holder} from '../guard/holders.js';
import {whoHoldsLock, whoListens} from '../guard/holders.js';
import {endOf} from '../guard/verdict.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {Failure, FailureSubject} from '../program/failure-kinds.js';
import {renderAddress} from '../program/failure-messages.js';
import {pathOfUrl} from '../settings/explain.js';
import {resolveServer} from '../settings/server.js';
import type {NetworkAddress, ServerSettings, Settings} from '../settings/settings.js';
import {describeAccess} from './describe-access.js';
import {describeDataFile} from './describe-data-file.js';
import {locateKey} from './locate-key.js';

/** What a look at the machine adds to a decoded failure. */
export type Advice = {
	readonly details: readonly string[];
	/** The next thing to do or type. */
	readonly next: string | undefined;
};

export type AdviceContext = {
	readonly settings: Settings;
	/** `zeoctl` for the instance, without an action. */
	readonly command: readonly string[];
	readonly server: ServerSettings | undefined;
	/** Who the program runs as. */
	readonly user: string;
	readonly isRoot: boolean;
	/** Unix seconds. */
	readonly now: number;
};

/** Looks for what the program could not tell: who is in the way, whose file it is, which line it was. */
export const adviseOn = async (failure: Failure, context: AdviceContext): Promise<Advice> => {
	const {subject, hint} = failure;
	const file = subject.path === undefined ? undefined : resolvePath(subject.path, context.settings);
	switch (failure.kind) {
		case 'address-in-use':
			return adviseOnAddress(subject.address, context);
		case 'lock-held':
			return file === undefined ? {details: [], next: hint} : adviseOnLock(file, context);
		case 'permission':
			return file === undefined ? {details: [], next: hint} : adviseOnAccess(file, context);
		case 'data-unreadable':
			return file === undefined ? {details: [], next: hint} : adviseOnData(file, context.settings);
		case 'missing-folder':
			return {details: [], next: file === undefined ? hint : renderMake(file, context)};
		case 'missing-file':
			return {details: [], next: adviseOnMissing(file, context) ?? hint};
		case 'unknown-key':
			return adviseOnKey(failure, context);
		case 'configuration':
			return {details: [], next: hint ?? renderAction(context, 'check')};
		case 'disk-full':
			return adviseOnDisk(file, context);
		case 'tls':
			return adviseOnTls(context);
		case 'not-ready':
			return adviseOnWaiting(context);
		default:
			return {details: [], next: hint ?? renderAction(context, 'foreground')};
	}
};

/** What `zeoctl` does for this instance. */
const renderAction = ({command}: AdviceContext, action: string): string =>
	renderShellCommand([...command, action]);

/** The program runs in its own folder, and prints paths as its conf has them. */
const resolvePath = (file: string, {runner}: Settings): string =>
	path.resolve(runner.directory ?? '.', file);

const adviseOnAddress = async (
	address: NetworkAddress | undefined,
	context: AdviceContext,
): Promise<Advice> => {
	if (address === undefined) {
		return {details: [], next: 'ss -ltnp'};
	}

	if (address.family === 'unix') {
		const socket = resolvePath(address.path, context.settings);
		return adviseOnHolder({
			holder: await whoListens({path: socket}),
			search: searchListener({path: socket}),
			context,
		});
	}

	const wanted = {host: address.host, port: address.port ?? 0};
	return adviseOnHolder({
		holder: await whoListens(wanted),
		search: searchListener(wanted),
		context,
	});
};

const adviseOnLock = async (file: string, context: AdviceContext): Promise<Advice> =>
	adviseOnHolder({
		holder: await whoHoldsLock(file),
		search: renderShellCommand(['sudo', 'fuser', '-v', file]),
		context,
	});

type Found = {
	readonly holder: Holder | undefined;
	/** The command that finds a holder whom this user cannot see. */
	readonly search: string;
	readonly context: AdviceContext;
};

const adviseOnHolder = ({holder, search, context}: Found): Advice => {
	if (holder === undefined) {
		return {details: ['who has it is not visible from here, or it has just left'], next: search};
	}

	return {
		details: [`held by ${renderHolder(holder, context.now)}`],
		next: holder.pid === undefined ? search : endOf(holder),
	};
};

const adviseOnAccess = (file: string, {user, isRoot}: AdviceContext): Advice => {
	const {detail, advice, next} = describeAccess(file, {user, isRoot});
	return {details: [detail, ...(advice === undefined ? [] : [advice])], next};
};

const adviseOnData = (file: string, {runner}: Settings): Advice => {
	const description = describeDataFile(file, runner.program);
	return {
		details: description === undefined ? [] : [description.detail],
		next: description?.next ?? renderShellCommand(['ls', '-l', file]),
	};
};

const adviseOnMissing = (file: string | undefined, context: AdviceContext): string | undefined =>
	file === undefined || existsSync(path.dirname(file))
		? undefined
		: renderMake(path.dirname(file), context);

const renderMake = (folder: string, {user, isRoot}: AdviceContext): string =>
	renderShellCommand(makeFolderWords(folder, {user, isRoot}));

const adviseOnKey = ({subject, hint}: Failure, context: AdviceContext): Advice => {
	const {settings, server} = context;
	const place = subject.place ?? (server ? undefined : findRefusedKey(settings, subject.key));
	const file = place?.file ?? server?.confPath ?? settings.configFile;
	const line = place?.line ?? (file && subject.key && locateKey(file, subject.key));
	return {
		details: file === undefined || line === undefined ? [] : [`it stands in ${file}:${line}`],
		next: `${hint}, then: ${renderAction(context, 'check')}`,
	};
};

/** The server's own conf is read again, for ZConfig does not tell where a key stands. */
const findRefusedKey = (settings: Settings, key: string | undefined): FailureSubject['place'] => {
	const {problems} = resolveServer(settings, {environment: process.env, cwd: process.cwd()});
	const found = problems.find(
		({subject}) => subject?.kind === 'unknown-key' && subject.name === key,
	);
	return found?.url === undefined || found.line === undefined
		? undefined
		: {file: pathOfUrl(found.url), line: found.line};
};

const adviseOnDisk = (file: string | undefined, {settings, server}: AdviceContext): Advice => {
	const storage = server?.storages.find(storage => storage.path !== undefined)?.path;
	const folder = path.dirname(file ?? resolvePath(storage ?? '.', settings));
	return {details: measureFree(folder), next: renderShellCommand(['df', '-h', folder])};
};

const measureFree = (folder: string): readonly string[] => {
	try {
		const {bavail, bsize} = statfsSync(folder);
		return [`${Math.floor((bavail * bsize) / 1_000_000)} MB are free at ${folder}`];
	} catch {
		return [];
	}
};

const adviseOnTls = ({settings, server}: AdviceContext): Advice => {
	const tls = server?.zeo.tls;
	const files = [tls?.certificate, tls?.key, tls?.authenticate].filter(
		file => file !== undefined && file !== 'DYNAMIC',
	);
	const missing = files
		.map(file => resolvePath(file ?? '', settings))
		.filter(file => !existsSync(file));
	return {
		details: missing.map(file => `${file} does not exist`),
		next: renderShellCommand(['ls', '-l', ...files.map(file => resolvePath(file ?? '', settings))]),
	};
};

const adviseOnWaiting = (context: AdviceContext): Advice => ({
	details:
		context.server === undefined
			? []
			: [`no answer yet at ${renderAddress(context.server.zeo.address)}`],
	next: renderAction(context, 'status'),
});
