import {existsSync, readFileSync, rmSync} from 'node:fs';
import {replaceDurably} from '../platform/files.js';
import type {Answers} from '../scaffold/answers.js';
import {
	authenticationOf,
	passwordsFile,
	renderClientAuthentication,
	tlsFolder,
} from '../scaffold/authentication.js';
import {
	addUser,
	inRealm,
	parseAuthenticationDatabase,
	renderAuthenticationDatabase,
} from '../zeo/authentication-database.js';
import {ownNames} from './certificate-options.js';
import {makeCertificates} from './make-certificates.js';

/** What server and clients of an instance know each other by, and where it goes. */
export type AuthenticationOrder = {
	/** Absolute. */
	readonly folder: string;
	readonly answers: Answers;
	/** Of the client, for a ZEO 4 whose database does not know it yet. */
	readonly password: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Unix milliseconds. */
	readonly now: number;
};

/** How long the certificates of server and clients are valid. */
const certificateDays = 825;

/**
 * Makes the certificates or the database of passwords of an instance; what is there is kept. Resolves to what a person
 * has to know of what is new, as lines. When it fails, it leaves nothing behind that was not there.
 */
export const authenticateInstance = async (
	order: AuthenticationOrder,
): Promise<readonly string[]> => {
	const {answers, folder} = order;
	const authentication = authenticationOf(answers);
	if (authentication === 'none') return [];
	const isNew = authentication === 'certificates' ? await certify(order) : addClient(order);
	if (!isNew) return [];
	return [
		`clients put into <clientstorage> or <zeoclient> (see README.md):`,
		...renderClientAuthentication(answers, folder).map(line => `  ${line}`),
	];
};

const certify = async ({
	folder,
	answers,
	environment,
	now,
}: AuthenticationOrder): Promise<boolean> => {
	const place = tlsFolder(folder);
	const wasThere = existsSync(place);
	try {
		const {clients} = await makeCertificates({
			...{folder: place, hosts: ['localhost', ...ownNames()], clients: [answers.zeo_auth_user]},
			...{days: certificateDays, renews: false, environment, now},
		});
		return clients.some(client => client.isNew);
	} catch (error) {
		if (!wasThere) rmSync(place, {recursive: true, force: true});
		throw error;
	}
};

const addClient = ({folder, answers, password}: AuthenticationOrder): boolean => {
	const file = passwordsFile(folder, answers);
	const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
	const database = inRealm(parseAuthenticationDatabase(present), answers.project_slug);
	if (password === undefined || database.users.has(answers.zeo_auth_user)) return false;
	const changed = addUser(database, answers.zeo_auth_user, password);
	replaceDurably(file, renderAuthenticationDatabase(changed), {mode: 0o600});
	return true;
};

/** Whether the password of the client is needed: it is kept nowhere but in the database of a ZEO 4. */
export const needsPassword = (folder: string, answers: Answers): boolean => {
	if (authenticationOf(answers) !== 'passwords') return false;
	const file = passwordsFile(folder, answers);
	if (!existsSync(file)) return true;
	return !parseAuthenticationDatabase(readFileSync(file, 'utf8')).users.has(answers.zeo_auth_user);
};
