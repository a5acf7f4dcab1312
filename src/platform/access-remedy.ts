import path from 'node:path';
import {renderShellCommand} from './shell-word.js';

/** A file or folder that a user may not use, as it stands. */
export type Closed = {
	readonly path: string;
	readonly isFolder: boolean;
	/** Whether it belongs to that user, so that only its mode is in the way. */
	readonly isOwn: boolean;
	readonly mode: number;
};

/** What lets a user use what is closed; `advice` where a command alone does not. */
export type AccessRemedy = {readonly command: string; readonly advice: string | undefined};

/**
 * The command by which `user` may use some files and folders, ready for the shell of root or of somebody else. A folder
 * that is not for one user alone is never given away: the user gets a folder of its own there.
 */
export const planAccess = (
	closed: readonly Closed[],
	{user, isRoot}: {readonly user: string; readonly isRoot: boolean},
): AccessRemedy => {
	const asRoot = isRoot ? [] : ['sudo'];
	const shared = closed.find(
		({path, isFolder, isOwn, mode}) => isFolder && !isOwn && isSharedFolder(path, mode),
	);
	if (shared !== undefined)
		return {
			command: renderShellCommand([...asRoot, ...makeOwnFolder(shared.path, user)]),
			advice: `'${shared.path}' is not for one user alone: make a folder there and name that in the conf`,
		};
	const foreign = closed.filter(({isOwn}) => !isOwn).map(({path}) => path);
	const commands = [
		...(foreign.length === 0 ? [] : [[...asRoot, 'chown', user, ...foreign]]),
		...changeMode(closed, 'u+rwx', true, asRoot),
		...changeMode(closed, 'u+rw', false, asRoot),
	];
	return {command: commands.map(renderShellCommand).join(' && '), advice: undefined};
};

const changeMode = (
	closed: readonly Closed[],
	mode: string,
	ofFolders: boolean,
	asRoot: readonly string[],
): readonly (readonly string[])[] => {
	const own = closed.filter(({isOwn, isFolder}) => isOwn && isFolder === ofFolders);
	return own.length === 0 ? [] : [[...asRoot, 'chmod', mode, ...own.map(({path}) => path)]];
};

/** Folders of the system with all below them, those right below which only folders of services are, and homes. */
const ofTheSystem =
	/^\/(?:(?:bin|boot|dev|etc|lib(?:32|64|x32)?|proc|root|run|sbin|sys|usr)(?:\/.*)?|(?:home|var)\/[^/]+|[^/]*)$/;

/** Whether a folder is of the system or of everybody (sticky, as `/tmp`), so that no service may be given it. */
export const isSharedFolder = (folder: string, mode: number): boolean =>
	ofTheSystem.test(path.resolve(folder)) || (mode & 0o1002) === 0o1002;

/** The words of the command that makes a user a folder of its own in a shared one. */
export const makeOwnFolder = (shared: string, user: string): readonly string[] => [
	...['install', '-d', '-o', user],
	path.join(shared, `zeo-${user}`),
];
