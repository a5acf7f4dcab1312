import {statSync} from 'node:fs';
import type {StorageSettings} from '../settings/settings.js';

/** Data files as they were when nothing was found wrong with them: inode and size, by path. */
export type SeenFiles = ReadonlyMap<string, {readonly inode: number; readonly size: number}>;

/** Looks at the data files of storages; `resolve` makes their paths absolute. Those that cannot be looked at are left out. */
export const lookAtFiles = (
	storages: readonly StorageSettings[],
	resolve: (path: string) => string,
): SeenFiles =>
	new Map(
		storages.flatMap(({path}) => {
			const stats = path === undefined ? undefined : statIfThere(resolve(path));
			return stats === undefined || path === undefined
				? []
				: [[resolve(path), {inode: stats.ino, size: stats.size}] as const];
		}),
	);

const statIfThere = (file: string) => {
	try {
		return statSync(file);
	} catch {
		return undefined;
	}
};

/** A file without a transaction has these bytes. */
const emptySize = 4;

/**
 * Whether the `present` data files of storages are those that were seen: a database only grows, and a pack makes another file. What is
 * so has lost nothing since, and need not be examined again; one that a start empties (`create`), or that may be empty, must.
 */
export const areAsSeen = (
	storages: readonly StorageSettings[],
	{seen, present}: {readonly seen: SeenFiles; readonly present: SeenFiles},
	resolve: (path: string) => string,
): boolean =>
	storages.every(({path, create}) => {
		if (path === undefined) return true;
		const [then, now] = [seen, present].map(files => files.get(resolve(path)));
		return (
			!create &&
			then !== undefined &&
			now?.inode === then.inode &&
			now.size >= then.size &&
			then.size > emptySize
		);
	});
