import type {StorageSettings} from '../settings/settings.js';
import {hasDeletedFiles} from './deleted-files.js';
import {findFilesOf} from './files-of-processes.js';
import {isInPlace, type ServedFile, type Whereabouts} from './served-file.js';

/** The data files of a program whose paths do not lead to them any more. Never rejects. */
export type FindLostFiles = (pid: number) => Promise<readonly ServedFile[]>;

type WatchOptions = Whereabouts & {
	readonly storages: readonly StorageSettings[];
	/** The processes of a program, which may be a script that runs the server. */
	readonly listProcesses: (pid: number) => readonly number[];
};

/**
 * Looks at the same server again and again: as long as all is well with two questions for each storage and one for each
 * descriptor, else (at its start, after a pack) at everything that it has open.
 */
export const createLostFileWatch = ({
	storages,
	listProcesses,
	...whereabouts
}: WatchOptions): FindLostFiles => {
	const count = storages.filter(({path}) => path !== undefined).length;
	let wellPlaced: readonly ServedFile[] = [];
	const isWell = async (processes: readonly number[]): Promise<boolean> => {
		// A deleted file of no known storage stands at no path that could be asked for.
		if (wellPlaced.length < count || processes.some(hasDeletedFiles)) return false;
		for (const file of wellPlaced)
			if (!processes.includes(file.pid) || !(await isInPlace(file))) return false;
		return true;
	};
	return async pid => {
		const processes = listProcesses(pid);
		if (await isWell(processes)) return [];
		const files = await findFilesOf(processes, storages, whereabouts);
		wellPlaced = files.filter(({state}) => state === 'in-place');
		return files.filter(({state}) => state !== 'in-place');
	};
};
