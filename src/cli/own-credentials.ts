import {readFileSync} from 'node:fs';
import type {ServerSettings} from '../settings/settings.js';
import {parseAuthenticationDatabase} from '../zeo/authentication-database.js';
import type {Credentials} from '../zeo/digest.js';

/**
 * As whom the server's user asks a ZEO 4 with passwords: what its database keeps of one is as good as the password.
 * Undefined for any other server, and where the database cannot be read.
 */
export const ownCredentials = ({zeo}: ServerSettings): Credentials | undefined => {
	if (zeo.authenticationDatabase === undefined) return undefined;
	try {
		const {users} = parseAuthenticationDatabase(readFileSync(zeo.authenticationDatabase, 'utf8'));
		const [first] = users;
		return first && {user: first[0], hash: first[1]};
	} catch {
		return undefined;
	}
};
