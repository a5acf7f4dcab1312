import {readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import process from 'node:process';

/** One line of the user database. */
export type Account = {
	readonly name: string;
	readonly uid: number;
	/** The primary group. */
	readonly gid: number;
	readonly home: string;
};

/** The accounts in a text of the form passwd(5); lines that are not are left out. */
export const parsePasswd = (text: string): Account[] =>
	text.split('\n').flatMap(line => {
		const [name, , uid, gid, , home] = line.split(':');
		if (!name || !uid || !gid || home === undefined) return [];
		if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
		return [{name, uid: Number(uid), gid: Number(gid), home}];
	});

/** Name of a user for a message, or the uid as text: of others than ourselves only /etc/passwd is asked. */
export const findUserName = (uid: number): string =>
	findLocalName(uid) ?? (uid === process.geteuid?.() ? findOwnName() : undefined) ?? String(uid);

/** Of this process, for a message. */
export const ownUserName = (): string => findUserName(process.geteuid?.() ?? 0);

const findLocalName = (uid: number): string | undefined => {
	try {
		return parsePasswd(readFileSync('/etc/passwd', 'utf8')).find(account => account.uid === uid)
			?.name;
	} catch {
		return undefined;
	}
};

const findOwnName = (): string | undefined => {
	try {
		return userInfo().username;
	} catch {
		return undefined;
	}
};
