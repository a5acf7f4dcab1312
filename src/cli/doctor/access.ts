import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../../platform/errors.js';
import {renderShellCommand} from '../../platform/shell-word.js';
import {describeAccess} from '../describe-access.js';
import {error, type Finding, unknown} from './finding.js';
import type {RunUser} from './subject.js';

/** Whether the user of the program may use something; `unknown` where only that user can tell. */
export type Access = 'yes' | 'no' | 'missing' | 'unknown';

/** Asks the kernel, which knows of groups and access lists, as the user of the program. Never throws. */
export const mayUse = (file: string, {isSelf}: RunUser, mode: number): Access => {
	const found = ask(file, constants.F_OK);
	if (found === 'missing') return 'missing';
	return isSelf ? ask(file, mode) : 'unknown';
};

const ask = (file: string, mode: number): Access => {
	try {
		accessSync(file, mode);
		return 'yes';
	} catch (cause) {
		return ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(cause) ?? '') ? 'missing' : 'no';
	}
};

/** A folder that files are written to: it, or the nearest one above it, must be writable. */
export const mayWriteInto = (folder: string, user: RunUser): Access =>
	mayUse(folder, user, constants.W_OK | constants.X_OK);

const isReadOnly = (file: string): boolean => {
	try {
		accessSync(file, constants.W_OK);
		return false;
	} catch (cause) {
		return systemErrorCode(cause) === 'EROFS';
	}
};

/** The finding about a path that its user may not use, with the command that changes it. */
export const denial = (file: string, {account, named}: RunUser, isRoot: boolean): Finding => {
	if (isReadOnly(file))
		return error(`'${file}' is on a file system that is mounted read-only`, {
			advice: 'after an error of the disk the kernel does so: look at dmesg',
			command: renderShellCommand(['findmnt', '-T', file]),
		});
	const name = account?.name ?? named ?? 'its user';
	const {detail, advice, next} = describeAccess(path.resolve(file), {user: name, isRoot});
	return error(`'${file}' may not be used: ${detail}`, {
		...(advice !== undefined && {advice}),
		command: next,
	});
};

/** The finding where only the user of the program, or root, could tell. */
export const unseen = (what: string, {account, named}: RunUser): Finding =>
	unknown(
		account === undefined
			? `${what}: there is no user '${named}' yet`
			: `${what}: only ${account.uid === 0 ? 'root' : `${account.name} and root`} can see whether ${account.name} may`,
	);
