import {constants} from 'node:fs';
import {isSharedFolder, makeOwnFolder} from '../../../platform/access-remedy.js';
import {ofConf} from '../check.js';
import {error, type Finding, fine, idle} from '../finding.js';
import {statIfSeen} from '../seen-files.js';
import type {ConfiguredSubject} from '../subject.js';

/** Whether the files that only the supervisor and its jobs write are theirs alone. */
export const runState = ofConf({
	group: 'owners',
	name: 'run-state',
	about: 'nobody but the user of the program can change the run state, the history and the outbox',
	run(subject) {
		const folders = [...new Set([subject.runDirectory, subject.stateDirectory])];
		const found = folders.flatMap(folder => judgeState(folder, subject));
		return found.length === 0 ? [idle('made by the first start')] : found;
	},
});

const judgeState = (
	folder: string,
	{user, asRoot, asOwner}: ConfiguredSubject,
): readonly Finding[] => {
	const stats = statIfSeen(folder);
	if (stats === undefined) return [];
	const {account} = user;
	if (account !== undefined && stats.uid !== account.uid)
		return [
			error(`'${folder}' belongs to uid ${stats.uid}, the program runs as uid ${account.uid}`, {
				...(isSharedFolder(folder, stats.mode)
					? {
							advice: 'make a folder for the history there and name that in the conf',
							command: asRoot(...makeOwnFolder(folder, account.name)),
						}
					: {command: asRoot('chown', '-R', account.name, folder)}),
			}),
		];
	const isOpen = (stats.mode & (constants.S_IWGRP | constants.S_IWOTH)) !== 0;
	return isOpen
		? [
				error(`others may write to '${folder}' (mode ${(stats.mode & 0o777).toString(8)})`, {
					command: asOwner(folder, 'chmod', 'go-w', folder),
				}),
			]
		: [fine(folder)];
};
