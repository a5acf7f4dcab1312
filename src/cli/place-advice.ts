import {constants, lstatSync, readdirSync, type Stats} from 'node:fs';
import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {parseUid} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import {makeFolderWords} from '../platform/make-folder.js';
import {mayAccess} from '../platform/may-access.js';
import {findUserName, ownUserName} from '../platform/passwd.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {Settings} from '../settings/settings.js';
import type {SettledContext} from './command.js';
import {describeAccess} from './describe-access.js';
import {instanceCommand} from './instance-command.js';

type Asked = Pick<SettledContext, 'system' | 'commandLine' | 'settings'>;

/**
 * An error about a place that is missing or closed, with the command that opens it to the user of the conf: nobody is told
 * to become another one for an instance that has its own.
 */
export const adviseOnPlace = (context: Asked, error: ZeoctlError, place: string): ZeoctlError => {
	const isMissing = error.asUser === undefined;
	const hint = isMissing ? adviseOnMissing(context, place) : adviseOnClosed(context, place);
	if (hint === undefined) return error;
	return new ZeoctlError(error.code, error.message, {cause: error.cause, hint});
};

/** A start makes the folder, for whoever runs the program, where its caller may. */
const adviseOnMissing = (context: Asked, folder: string): string => {
	const me = ownUserName();
	const user = findNamed(context.settings) ?? me;
	const mayStart =
		context.system.calledBy === 0 ||
		(user === me && mayAccess(path.dirname(folder), constants.W_OK));
	return renderShellCommand(
		mayStart ? [...instanceCommand(context), 'start'] : makeFolderWords(folder, {user}),
	);
};

/** Undefined where the same command does, as another user. */
const adviseOnClosed = ({system, settings}: Asked, place: string): string | undefined => {
	const me = ownUserName();
	const named = findNamed(settings);
	const user = named ?? me;
	const found = look(place);
	const isOwn = found !== undefined && findUserName(found.uid) === user;
	const isOther = user !== me;
	if (isOwn ? isOther : named === undefined || (found === undefined && isOther)) return undefined;
	// Whose supervisor that is must be known before anything is done to it.
	if (found?.isSocket()) return 'see who listens there: ss -xlp';
	const isRoot = system.calledBy === 0;
	const give = (...words: readonly string[]): string =>
		renderShellCommand([...(isRoot ? [] : ['sudo']), 'chown', ...words, place]);
	const socketPath = path.resolve(system.cwd, settings.runner.socketName);
	if (!isOwn && place === runDirectoryOf(socketPath)) return give('-R', user);
	if (!isOwn && isEmpty(place)) return give(user);
	const {advice, next} = describeAccess(place, {user, isRoot});
	return advice === undefined ? next : `${next}; ${advice}`;
};

const look = (place: string): Stats | undefined => {
	try {
		return lstatSync(place);
	} catch {
		return undefined;
	}
};

/** By name, as owners are. */
const findNamed = ({runner: {user}}: Settings): string | undefined => {
	const uid = user === undefined ? undefined : parseUid(user);
	return uid === undefined ? user : findUserName(uid);
};

/** What root has just made for nobody yet. */
const isEmpty = (folder: string): boolean => {
	try {
		return readdirSync(folder).length === 0;
	} catch {
		return false;
	}
};
