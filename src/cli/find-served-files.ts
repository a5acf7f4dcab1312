import {readlinkSync} from 'node:fs';
import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {canLookInto} from '../guard/descriptors.js';
import {listDescriptors, listPids} from '../guard/processes.js';
import {listGroup} from '../guard/program-group.js';
import {rememberedInode} from '../guard/remembered-inode.js';
import {realFile} from '../platform/real-file.js';
import {findRecordedProgram} from '../program/program-record.js';
import {serverPlace} from '../settings/server-place.js';
import type {StorageSettings} from '../settings/settings.js';
import {findFilesOf} from '../storage/files-of-processes.js';
import type {ServedFile, Whereabouts} from '../storage/served-file.js';
import type {InstanceContext} from './command.js';
import type {Instance} from './instance.js';

/** Which files a server has open for the storages of an instance. */
export type Served = {
	readonly files: readonly ServedFile[];
	/** The program of the instance, if it runs. */
	readonly pid: number | undefined;
	/** Whether it runs, and what it has open may not be seen. */
	readonly isHidden: boolean;
	/** Whether the program of the instance, or its group, has them, and nobody else. */
	readonly isOurs: boolean;
};

/**
 * Asks the supervisor for its program, else what a supervisor has left, and looks at its group; finds nobody there
 * who has the files, and looks at every process that can be seen.
 */
export const findServed = async (
	{
		instance,
		settings,
		system,
	}: Pick<InstanceContext, 'settings' | 'system'> & {
		readonly instance: Pick<Instance, 'look' | 'socketPath'>;
	},
	storages: readonly StorageSettings[],
	directory: string,
): Promise<Served> => {
	const pid = await findProgram(instance);
	const group = pid === undefined ? [] : listGroup(pid);
	const {stateDirectory} = serverPlace(settings, system.cwd);
	const whereabouts = {directory, recordedInode: rememberedInode(stateDirectory)};
	const own = await findFilesOf(group, storages, whereabouts);
	const files = own.length > 0 ? own : await lookAtHolders(storages, whereabouts);
	const isHidden = files.length === 0 && pid !== undefined && !canLookInto(pid);
	return {files, pid, isHidden, isOurs: own.length > 0};
};

/** A supervisor that does not answer must not stand in the way of its server's data. */
const findProgram = async (
	instance: Pick<Instance, 'look' | 'socketPath'>,
): Promise<number | undefined> => {
	const seen = await instance.look().catch(() => undefined);
	if (seen?.contact === 'session' && seen.status.pid !== null) return seen.status.pid;
	return findRecordedProgram(runDirectoryOf(instance.socketPath))?.pid;
};

/** What others have open besides is none of our business. */
const lookAtHolders = async (
	storages: readonly StorageSettings[],
	whereabouts: Whereabouts,
): Promise<readonly ServedFile[]> => {
	const holders = holdersOf(storages, whereabouts.directory);
	return (await findFilesOf(holders, storages, whereabouts)).filter(
		({isUnclaimed}) => !isUnclaimed,
	);
};

const holdersOf = (storages: readonly StorageSettings[], directory: string): readonly number[] => {
	const names = new Set(
		storages.flatMap(storage =>
			storage.path === undefined ? [] : [realFile(path.resolve(directory, storage.path))],
		),
	);
	return listPids().filter(pid =>
		listDescriptors(pid).some(fd => names.has(linkOf(pid, fd).replace(/ \(deleted\)$/, ''))),
	);
};

const linkOf = (pid: number, fd: string): string => {
	try {
		return readlinkSync(`/proc/${pid}/fd/${fd}`);
	} catch {
		return '';
	}
};
