import {listGroup} from '../../guard/program-group.js';
import {rememberedInode} from '../../guard/remembered-inode.js';
import {describeDeleted} from '../../guard/verdict.js';
import {findDeletedWriter} from '../../guard/writers.js';
import {describeFile, leaveRunning, putBack} from '../../health/lost-files.js';
import {realFile} from '../../platform/real-file.js';
import {findFilesOf} from '../../storage/files-of-processes.js';
import type {ServedFile} from '../../storage/served-file.js';
import {error, type Finding} from './finding.js';
import {ownPid} from './own-program.js';
import type {ServedSubject} from './subject.js';

/** The databases of the server of the instance that were deleted, or were renamed and are known all the same. Never rejects. */
export const findLostFiles = async ({
	server,
	directory,
	stateDirectory,
	contact,
}: ServedSubject): Promise<readonly ServedFile[]> => {
	const pid = ownPid(await contact());
	if (pid === undefined) return [];
	const files = await findFilesOf(listGroup(pid), server.storages, {
		directory,
		recordedInode: rememberedInode(stateDirectory),
	});
	return files.filter(
		({state, isUnclaimed}) => state === 'lost' || (state === 'moved' && !isUnclaimed),
	);
};

/** What is said of such a database, with the command that saves it. */
export const describeLoss = (
	file: ServedFile,
	{zeoctl}: Pick<ServedSubject, 'zeoctl'>,
): Finding => {
	const text = describeFile(file);
	return file.state === 'moved'
		? error(text, {
				advice: `${file.isReplaced ? 'put the other file aside, then ' : ''}put it back before the server is stopped`,
				command: putBack(file),
			})
		: error(text, {advice: leaveRunning, command: zeoctl('rescue', file.storage)});
};

/** What is said of a database that somebody else still has and that was deleted; undefined where there is no such. */
export const findStrandedFile = (
	file: string,
	{zeoctl, now}: Pick<ServedSubject, 'zeoctl' | 'now'>,
): Finding | undefined => {
	const writer = findDeletedWriter(realFile(file));
	return (
		writer &&
		error(describeDeleted(file, writer, now), {
			advice: 'do not end that process before this',
			command: zeoctl('rescue'),
		})
	);
};
