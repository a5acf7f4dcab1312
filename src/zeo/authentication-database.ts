import {passwordHash} from './digest.js';

/** The passwords of a ZEO 4, hashed: what `authentication-database` names (ZEO 4, `ZEO/auth/base.py`). */
export type AuthenticationDatabase = {
	readonly realm: string | undefined;
	/** Hash by user. */
	readonly users: ReadonlyMap<string, string>;
};

/** One that cannot be read, or a change that cannot be made. The message is the reason. */
export class AuthenticationRefusal extends Error {}

const realmWord = 'realm ';

/** Reads a database as ZEO 4 does. Throws a refusal for a line that would stop that server. */
export const parseAuthenticationDatabase = (text: string): AuthenticationDatabase => {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	const hasRealm = lines[0]?.startsWith(realmWord) === true;
	const realm = hasRealm ? lines[0]?.trim().slice(realmWord.length) : undefined;
	const users = lines.slice(hasRealm ? 1 : 0).map((line, index): readonly [string, string] => {
		const colon = line.indexOf(':');
		if (colon < 0)
			throw new AuthenticationRefusal(`line ${index + (hasRealm ? 2 : 1)} is not "user: hash"`);
		return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
	});
	return {realm: realm || undefined, users: new Map(users)};
};

/** The text of a database, as ZEO 4 writes it: the realm, then the users in order. */
export const renderAuthenticationDatabase = ({realm, users}: AuthenticationDatabase): string =>
	[
		...(realm === undefined ? [] : [`${realmWord}${realm}`]),
		...[...users.keys()].sort().map(user => `${user}: ${users.get(user)}`),
	]
		.map(line => `${line}\n`)
		.join('');

/**
 * The same database in this realm, which an existing one must be in already: the realm is a part of every hash.
 * Undefined asks for nothing.
 */
export const inRealm = (
	database: AuthenticationDatabase,
	realm: string | undefined,
): AuthenticationDatabase => {
	if (realm === undefined || realm === database.realm) return database;
	if (realm.trim() !== realm || realm === '' || hasControl(realm))
		throw new AuthenticationRefusal(
			'a realm is one line that neither begins nor ends with a blank',
		);
	if (database.realm !== undefined)
		throw new AuthenticationRefusal(`the realm of the file is '${database.realm}'`);
	if (database.users.size > 0)
		throw new AuthenticationRefusal('the users of the file have no realm, which cannot be changed');
	return {...database, realm};
};

/** With one user more. A user who exists is refused, as by ZEO: delete first. */
export const addUser = (
	database: AuthenticationDatabase,
	user: string,
	password: string,
): AuthenticationDatabase => {
	if (user === '' || user.trim() !== user || user.includes(':') || hasControl(user))
		throw new AuthenticationRefusal(
			'a user is a name without a colon that neither begins nor ends with a blank',
		);
	if (user.startsWith(realmWord))
		throw new AuthenticationRefusal(`ZEO would take a user '${user}' for a realm`);
	if (database.users.has(user)) throw new AuthenticationRefusal(`user '${user}' is there already`);
	// Without a realm Python's text of nothing is hashed in its place.
	const hash = passwordHash({user, password}, database.realm ?? 'None');
	return {...database, users: new Map([...database.users, [user, hash]])};
};

/** With one user less. */
export const deleteUser = (
	database: AuthenticationDatabase,
	user: string,
): AuthenticationDatabase => {
	if (!database.users.has(user)) throw new AuthenticationRefusal(`there is no user '${user}'`);
	const users = new Map(database.users);
	users.delete(user);
	return {...database, users};
};

const hasControl = (text: string): boolean => /[\p{Cc}\u2028\u2029]/u.test(text);
