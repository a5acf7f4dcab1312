import {type Stats, statSync} from 'node:fs';
import path from 'node:path';
import {planAccess} from '../platform/access-remedy.js';
import {systemErrorCode} from '../platform/errors.js';
import {findUserName} from '../platform/passwd.js';
import {renderShellCommand} from '../platform/shell-word.js';

/** Why a path may not be used, and the command that changes it; `advice` where that alone does not. */
export type AccessDescription = {
	readonly detail: string;
	readonly advice?: string;
	readonly next: string;
};

/**
 * What stands at a path that `user` may not use: the file, or the nearest folder above it that exists. Best effort,
 * never throws.
 */
export const describeAccess = (
	file: string,
	{user, isRoot}: {readonly user: string; readonly isRoot: boolean},
): AccessDescription => {
	const {at, stats, isBlocked} = findNearest(path.resolve(file));
	const owner = findUserName(stats.uid);
	const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
	const kind = stats.isDirectory() ? 'the folder ' : '';
	const detail = `${kind}${at} belongs to ${owner} with mode ${mode}; the program runs as ${user}`;
	if (isBlocked) return {detail, next: renderShellCommand(['namei', '-l', file])};
	const {command, advice} = planAccess(
		[{path: at, isFolder: stats.isDirectory(), isOwn: owner === user, mode: stats.mode}],
		{user, isRoot},
	);
	return {detail, ...(advice !== undefined && {advice}), next: command};
};

type Nearest = {readonly at: string; readonly stats: Stats; readonly isBlocked: boolean};

/** The path itself, or the first folder above it that shows itself. */
const findNearest = (file: string): Nearest => {
	let isBlocked = false;
	for (let at = file; ; at = path.dirname(at)) {
		try {
			return {at, stats: statSync(at), isBlocked};
		} catch (error) {
			isBlocked ||= systemErrorCode(error) === 'EACCES';
			if (at === path.dirname(at)) {
				throw error;
			}
		}
	}
};
