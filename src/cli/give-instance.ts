import {
	closeSync,
	constants,
	fchownSync,
	fstatSync,
	lstatSync,
	openSync,
	readdirSync,
} from 'node:fs';
import path from 'node:path';
import {passwordsFile, tlsFolder} from '../scaffold/authentication.js';
import {readRecord} from '../scaffold/read-instance.js';

type Owner = {readonly uid: number; readonly gid: number};

/**
 * Where root has made an instance: the server's user gets the folders that the server writes to and its secrets, and
 * its group may read the confs. Only root's own is given, and only where nobody else could have put it; a folder
 * outside of the instance, such as /var/log, only if it has just been made.
 */
export const giveInstance = (folder: string, owner: Owner, made: readonly string[] = []): void => {
	if (process.geteuid?.() !== 0 || !isRootsAlone(folder)) return;
	const {answers, files} = readRecord(folder) ?? {answers: {}, files: {}};
	for (const name of ['var', answers.logs_directory ?? 'var']) {
		const place = path.resolve(folder, name);
		if (place.startsWith(`${folder}/`) || made.includes(place)) give(place, owner);
	}
	if (!isRootsAlone(path.join(folder, 'etc'))) return;
	for (const file of Object.keys(files)) {
		if (/^etc\/[^/]*\.conf$/.test(file)) give(path.join(folder, file), {...owner, uid: 0});
	}
	if (answers.project_slug !== undefined)
		give(passwordsFile(folder, {project_slug: answers.project_slug}), owner);
	giveCertificates(tlsFolder(folder), owner);
};

/** The files before their folder: while it is root's, nobody can exchange them. */
const giveCertificates = (folder: string, owner: Owner): void => {
	if (!isRootsAlone(folder)) return;
	for (const file of readdirSync(folder)) give(path.join(folder, file), owner);
	give(folder, owner);
};

/** Whether nobody but root could exchange what root has in a folder; false for one that is not there. */
const isRootsAlone = (folder: string): boolean => {
	const found = lstatSync(folder, {throwIfNoEntry: false});
	if (!found?.isDirectory() || found.uid !== 0) return false;
	const [isOpen, isSticky] = [(found.mode & 0o022) !== 0, (found.mode & 0o1000) !== 0];
	if (isOpen && !isSticky) return false;
	const parent = path.dirname(folder);
	return parent === folder || isRootsAlone(parent);
};

/** Through a descriptor: a link that somebody put in the way meanwhile would be followed by a path. */
const give = (file: string, {uid, gid}: Owner): void => {
	const found = lstatSync(file, {throwIfNoEntry: false});
	if (!found?.isFile() && !found?.isDirectory()) return;
	const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const {uid: present, nlink, mode} = fstatSync(fd);
		const isPlain = (mode & constants.S_IFMT) === constants.S_IFDIR || nlink === 1;
		if (present === 0 && isPlain) fchownSync(fd, uid, gid);
	} finally {
		closeSync(fd);
	}
};
