import {findAccount, parseUid} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';

/** The process's own identity; the part of `process` that is needed to change it. */
export type Identity = {
	geteuid(): number;
	initgroups(user: string, group: number): void;
	setgid(group: number): void;
	setuid(user: number): void;
};

/**
 * The account that the instance belongs to, or undefined if the configuration names none. Throws zdaemon's usage
 * errors: for an unknown user (`refuse` knows more about it), and (unless `anyone` may run the command) for a caller who cannot become it.
 */
export const instanceAccount = async (options: {
	readonly user: string | undefined;
	readonly euid: number;
	readonly anyone: boolean;
	readonly refuse: (message: string) => Promise<ZeoctlError>;
	readonly find?: (user: string) => Promise<Account | undefined>;
}): Promise<Account | undefined> => {
	const {user, euid, anyone, refuse, find = findAccount} = options;
	if (user === undefined) return undefined;
	const account = await find(user);
	if (!account) {
		const kind = parseUid(user) === undefined ? 'username' : 'uid';
		throw await refuse(`${kind} ${quote(user)} not found`);
	}
	if (euid !== 0 && euid !== account.uid && !anyone)
		throw new ZeoctlError('USAGE', 'only root can use -u USER to change users');
	return account;
};

/**
 * Becomes the account, with all of its groups, for good; does nothing unless the caller is root. Resolves to
 * whether the user has changed.
 */
export const becomeAccount = (account: Account, identity: Identity): boolean => {
	if (identity.geteuid() !== 0 || account.uid === 0) return false;
	identity.initgroups(account.name, account.gid);
	identity.setgid(account.gid);
	identity.setuid(account.uid);
	return true;
};

/** The variables by which programs find their user's home. */
export const accountEnvironment = ({name, home}: Account): Readonly<Record<string, string>> => ({
	HOME: home,
	USER: name,
	LOGNAME: name,
});
