import type {StorageSettings} from '../settings/settings.js';
import {findServedFiles, type ServedFile, type Whereabouts} from './served-file.js';

/** The data files that some processes have open, each once. Never rejects. */
export const findFilesOf = async (
	pids: readonly number[],
	storages: readonly StorageSettings[],
	whereabouts: Whereabouts,
): Promise<readonly ServedFile[]> => {
	const found = new Map<string, ServedFile>();
	for (const pid of pids) {
		for (const file of await findServedFiles(pid, storages, whereabouts)) {
			if (!found.has(file.storage) && !(file.isUnclaimed && isAmong(file, found)))
				found.set(file.storage, file);
		}
	}
	return [...found.values()];
};

const isAmong = ({inode}: ServedFile, found: ReadonlyMap<string, ServedFile>): boolean =>
	[...found.values()].some(other => other.inode === inode);
