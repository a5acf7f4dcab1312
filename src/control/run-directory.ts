import {accessSync, constants, existsSync, lstatSync, mkdirSync, type Stats} from 'node:fs';
import path from 'node:path';
import {systemErrorCode, type ZeoctlError} from '../platform/errors.js';
import {findFolderFault} from '../platform/folder-fault.js';
import {findUserName} from '../platform/passwd.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {runDirectoryOf} from './snapshot.js';
import {explainPermission, kindOf, unusable} from './socket-trouble.js';

/**
 * Makes the run-state folder of a control socket, for us alone; one that is there must be ours, and nobody else may have
 * put anything into it. Throws SOCKET_UNUSABLE where it may not be used, and system errors where it cannot be made.
 * `folder` is another path to it.
 */
export const claimRunDirectory = (
	socketPath: string,
	folder: string = runDirectoryOf(socketPath),
): void => {
	try {
		mkdirSync(folder, {mode: 0o700});
	} catch (error) {
		if (systemErrorCode(error) !== 'EEXIST') throw error;
		const refusal = judge(socketPath, lstatSync(folder));
		if (refusal !== undefined) throw refusal;
	}
};

/**
 * Throws as the start of a supervisor would where its run state or its socket may not be made in a folder that is there;
 * makes nothing.
 */
export const tryRunDirectory = (socketPath: string): void => {
	const folder = path.dirname(socketPath);
	if (!existsSync(folder)) return;
	try {
		accessSync(folder, constants.W_OK);
	} catch {
		throw explainPermission(socketPath);
	}
	const found = lstatSync(runDirectoryOf(socketPath), {throwIfNoEntry: false});
	const refusal = found && judge(socketPath, found);
	if (refusal !== undefined) throw refusal;
};

const judge = (socketPath: string, found: Stats): ZeoctlError | undefined => {
	const us = process.geteuid?.() ?? 0;
	const folder = runDirectoryOf(socketPath);
	const name = `the folder for its run state, '${folder}'`;
	switch (findFolderFault(found, [us])) {
		case 'no-folder':
			return unusable(socketPath, `a ${kindOf(found)} is in the place of ${name}`, {
				hint: 'move it away, or set another socket-name',
			});
		case 'foreign': {
			const [owner, me] = [findUserName(found.uid), findUserName(us)];
			return unusable(
				socketPath,
				`${name}, belongs to ${owner} (mode ${modeOf(found)}), this is ${me}`,
				{
					// Whoever has only put something into the folder of others is nobody to become.
					...(lstatSync(path.dirname(folder)).uid === found.uid && {asUser: owner, place: folder}),
					hint: `set socket-name in a folder that only ${me} can write to`,
				},
			);
		}
		case 'open':
			return unusable(socketPath, `others may write to ${name} (mode ${modeOf(found)})`, {
				hint: renderShellCommand(['chmod', 'go-w', folder]),
			});
		case undefined:
			return undefined;
	}
};

const modeOf = ({mode}: Stats): string => (mode & 0o7777).toString(8);
