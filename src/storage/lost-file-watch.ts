import type {StorageSettings} from '../settings/settings.js';
import {findServedFiles, isInPlace, type ServedFile, type Whereabouts} from './served-file.js';

/** The data files of a process whose paths do not lead to them any more. Never rejects. */
export type FindLostFiles = (pid: number) => Promise<readonly ServedFile[]>;

/**
 * Looks at the same server again and again: as long as all is well with two questions for each storage, else (at its
 * start, after a pack) at everything that it has open.
 */
export const createLostFileWatch = (
	storages: readonly StorageSettings[],
	whereabouts: Whereabouts,
): FindLostFiles => {
	const count = storages.filter(({path}) => path !== undefined).length;
	let known: readonly ServedFile[] = [];
	const areAllInPlace = async (pid: number): Promise<boolean> => {
		if (known.length < count) return false;
		for (const file of known) if (file.pid !== pid || !(await isInPlace(file))) return false;
		return true;
	};
	return async pid => {
		if (count === 0 || (await areAllInPlace(pid))) return [];
		known = await findServedFiles(pid, storages, whereabouts);
		return known.filter(({state}) => state !== 'in-place');
	};
};
