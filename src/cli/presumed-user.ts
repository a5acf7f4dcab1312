import {statSync} from 'node:fs';
import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {currentUser, readOwners, type ServerUser} from '../guard/place-facts.js';
import {findAccount} from '../platform/accounts.js';
import {serverPlace} from '../settings/server-place.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import {fileStorage} from '../storage/zeo.js';

/**
 * Who runs the server of a conf that names nobody: whoever has started it, else whoever types, except that the files of
 * another single owner are not theirs to run; root may run anything. Never throws.
 */
export const presumeUser = async (
	settings: Settings,
	server: ServerSettings | undefined,
	cwd: string,
): Promise<ServerUser> => {
	const runDirectory = runDirectoryOf(path.resolve(cwd, settings.runner.socketName));
	const starter = ownerOf(runDirectory);
	if (starter !== undefined) return userOf(starter);
	const self = await currentUser();
	if (self.uid === 0 || server === undefined) return self;
	const {directory} = serverPlace(settings, cwd);
	const files = server.storages.flatMap(({path: file, blobDirectory}) =>
		file === undefined
			? []
			: fileStorage.files({dataPath: path.resolve(directory, file), blobDirectory}),
	);
	const owners = new Set(
		readOwners(files, self, true)
			.filter(({isFolder}) => !isFolder)
			.map(({uid}) => uid),
	);
	const [owner] = owners;
	return owner === undefined || owners.size > 1 ? self : userOf(owner);
};

const ownerOf = (file: string): number | undefined => {
	try {
		return statSync(file, {throwIfNoEntry: false})?.uid;
	} catch {
		return undefined;
	}
};

const userOf = async (uid: number): Promise<ServerUser> =>
	(await findAccount(String(uid))) ?? {uid, gid: -1, name: String(uid)};
