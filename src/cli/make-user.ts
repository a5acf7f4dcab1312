import {parseUid} from '../platform/accounts.js';

/** The command with which root makes a user: by its name, or one of this number. */
export const makeUserWords = (user: string): readonly string[] => {
	const uid = parseUid(user);
	const who = uid === undefined ? [user] : ['--uid', String(uid), `user${uid}`];
	return ['useradd', '--system', '--user-group', ...who];
};
