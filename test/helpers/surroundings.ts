import type {Surroundings} from '../../src/schema/datatypes.js';

/** A machine with these folders and files; `~` is `/home/me`, `~bob` is `/home/bob/`. */
export const surroundings = (
	folders: readonly string[] = ['/', '/tmp', '/home/me', 'rel'],
	files: readonly string[] = ['/tmp/file'],
): Surroundings => ({
	isDirectory: path => folders.includes(path.length > 1 ? path.replace(/\/+$/, '') : path),
	exists: path => folders.includes(path) || files.includes(path),
	homeOf: user => (user === undefined ? '/home/me' : user === 'bob' ? '/home/bob/' : undefined),
});
