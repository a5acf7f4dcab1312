import fs from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {nearestFolder} from '../platform/nearest-folder.js';

/** Wakes a waiting reader by events of the file system; nothing runs in between. */
export type FileWatch = {
	/**
	 * Chooses what is watched. `descriptor`: the file being read, by its inode. `file`: a name that must appear or
	 * change, in the nearest folder that exists. True if something new is watched, so that one more look is due.
	 */
	watch(targets: {readonly descriptor?: number; readonly file?: string}): boolean;
	/** Resolves after the next event, at once if one came since the last call; also when the signal aborts. */
	wait(): Promise<void>;
	close(): void;
};

/** A watch on nothing yet. */
export const openFileWatch = (signal: AbortSignal): FileWatch => {
	let isPending = false;
	let wake: (() => void) | undefined;
	const watchers = new Map<string, {readonly identity: string; readonly watcher: fs.FSWatcher}>();

	const ring = () => {
		isPending = true;
		wake?.();
	};

	const set = (kind: string, target: Target | undefined): boolean => {
		const present = watchers.get(kind);
		if (present?.identity === target?.identity) return false;
		present?.watcher.close();
		watchers.delete(kind);
		if (target === undefined) return false;
		try {
			const watcher = fs.watch(target.path, (_event, name) => {
				if (target.isRelevant(name)) ring();
			});
			watcher.on('error', ring);
			watchers.set(kind, {identity: target.identity, watcher});
		} catch (error) {
			// Gone at this moment: look again.
			if (systemErrorCode(error) !== 'ENOENT') throw error;
		}
		return true;
	};

	signal.addEventListener('abort', ring, {once: true});
	return {
		watch({descriptor, file}) {
			const isNewFile = set('file', descriptor === undefined ? undefined : openFileOf(descriptor));
			const isNewFolder = set('folder', file === undefined ? undefined : folderOf(file));
			return isNewFile || isNewFolder;
		},
		wait: () =>
			new Promise(resolve => {
				const finish = () => {
					isPending = false;
					wake = undefined;
					resolve();
				};
				if (isPending || signal.aborted) finish();
				else wake = finish;
			}),
		close() {
			for (const {watcher} of watchers.values()) watcher.close();
			signal.removeEventListener('abort', ring);
		},
	};
};

type Target = {
	readonly path: string;
	/** Differs when another inode has the same path. */
	readonly identity: string;
	readonly isRelevant: (name: string | null) => boolean;
};

const openFileOf = (descriptor: number): Target => {
	const {ino, dev} = fs.fstatSync(descriptor);
	return {
		path: `/proc/self/fd/${descriptor}`,
		identity: `${dev}:${ino}`,
		isRelevant: () => true,
	};
};

const folderOf = (file: string): Target => {
	const parent = path.dirname(file);
	const folder = nearestFolder(parent);
	const {ino, dev} = fs.statSync(folder);
	// A folder that is itself removed or renamed reports its own name.
	const names: readonly (string | null)[] = [path.basename(file), path.basename(folder), null];
	return {
		path: folder,
		identity: `${dev}:${ino}`,
		isRelevant: name => folder !== parent || names.includes(name),
	};
};
