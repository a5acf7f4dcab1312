import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {type Account, parsePasswd} from './passwd.js';

/**
 * Looks an account up by name, or by uid if the text is a number. The local file is read first; other sources
 * (LDAP, systemd) are asked through `getent`, if there is one. Undefined if nobody knows it.
 */
export const findAccount = async (
	user: string,
	{passwdFile = '/etc/passwd', ask = askGetent}: AccountSources = {},
): Promise<Account | undefined> => {
	const uid = parseUid(user);
	const matches = (account: Account): boolean =>
		uid === undefined ? account.name === user : account.uid === uid;
	const local = parsePasswd(readIfPresent(passwdFile)).find(matches);
	if (local) return local;
	return parsePasswd(await ask(uid === undefined ? user : String(uid))).find(matches);
};

export type AccountSources = {
	readonly passwdFile?: string;
	/** Lines of passwd(5) for one key, empty if there is none. */
	readonly ask?: (key: string) => Promise<string>;
};

/** The uid that a text stands for, or undefined where it is a name. */
export const parseUid = (user: string): number | undefined =>
	/^\s*[+-]?\d+\s*$/.test(user) ? Number(user) : undefined;

const readIfPresent = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};

/** The number of a group, given by name or number; undefined if nobody knows it. */
export const findGroup = async (group: string): Promise<number | undefined> => {
	if (/^\d+$/.test(group)) return Number(group);
	const ids = (text: string): number[] =>
		text.split('\n').flatMap(line => {
			const [name, , gid] = line.split(':');
			return name === group && gid !== undefined && /^\d+$/.test(gid) ? [Number(gid)] : [];
		});
	return ids(readIfPresent('/etc/group'))[0] ?? ids(await askGetent(group, 'group'))[0];
};

/** The name of a group, by its number; undefined if nobody knows it. */
export const findGroupName = async (gid: number): Promise<string | undefined> =>
	parseGroupName(readIfPresent('/etc/group'), gid) ??
	parseGroupName(await askGetent(String(gid), 'group'), gid);

const askGetent = async (key: string, database = 'passwd'): Promise<string> => {
	return new Promise(resolve => {
		execFile('getent', [database, '--', key], {timeout: 10_000}, (error, stdout) =>
			resolve(error ? '' : stdout),
		);
	});
};

/** The name of a group in a text of the form group(5), by its number. */
export const parseGroupName = (text: string, gid: number): string | undefined =>
	text
		.split('\n')
		.map(line => line.split(':'))
		.find(([name, , number]) => name && number === String(gid))?.[0];
