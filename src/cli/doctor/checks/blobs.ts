import path from 'node:path';
import {isSharedFolder, makeOwnFolder} from '../../../platform/access-remedy.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {ofServer} from '../check.js';
import {error, type Finding, fine, idle, warning} from '../finding.js';
import {readIfSeen, statIfSeen} from '../seen-files.js';
import type {ConfiguredSubject} from '../subject.js';

/** Whether the blob folders are as ZODB wants them. */
export const blobs = ofServer({
	group: 'owners',
	name: 'blobs',
	about:
		'the blob folders are there, belong to the user of the program, and nobody else writes there',
	run(subject) {
		const {server} = subject;
		const folders = server.storages.flatMap(({blobDirectory}) => blobDirectory ?? []);
		return folders.length === 0
			? [idle('no storage has blobs')]
			: folders.flatMap(folder => judgeBlobs(path.resolve(subject.directory, folder), subject));
	},
});

const judgeBlobs = (
	folder: string,
	{user, asRoot, asOwner}: ConfiguredSubject,
): readonly Finding[] => {
	const stats = statIfSeen(folder);
	if (stats === undefined && statIfSeen(path.dirname(folder)) !== undefined)
		return [idle(`the server makes '${folder}'`)];
	if (stats === undefined)
		return [
			warning(`the blob folder '${folder}' cannot be seen, and the one above it neither`, {
				command: renderShellCommand(['namei', '-l', folder]),
			}),
		];
	const {account} = user;
	if (account !== undefined && stats.uid !== account.uid)
		return [
			error(`the blob folder '${folder}' belongs to uid ${stats.uid}, not to ${account.name}`, {
				...(isSharedFolder(folder, stats.mode)
					? {
							advice: 'make a folder for the blobs there and name that in the conf',
							command: asRoot(...makeOwnFolder(folder, account.name)),
						}
					: {command: asRoot('chown', '-R', account.name, folder)}),
			}),
		];
	if ((stats.mode & 0o002) !== 0)
		return [
			error(`everybody may change the blobs in '${folder}'`, {
				command: asOwner(folder, 'chmod', 'o-w', folder),
			}),
		];
	return judgeLayout(folder, readLayout(folder));
};

/** The marker that ZODB leaves at the top of a blob folder (`ZODB/blob.py`). */
export const judgeLayout = (folder: string, layout: string | undefined): readonly Finding[] =>
	layout === undefined || layout === 'bushy' || layout === 'lawn'
		? [fine(`${folder}${layout === undefined ? '' : ` (${layout})`}`)]
		: [
				error(`'${folder}/.layout' holds '${layout}': no layout that ZODB knows`, {
					advice: 'it is bushy, unless the folder was made before ZODB 3.9',
				}),
			];

const readLayout = (folder: string): string | undefined =>
	readIfSeen(path.join(folder, '.layout')).trim() || undefined;
