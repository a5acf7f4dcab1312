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
	switch (authenticationOf(order.answers)) {
		case 'none':
			return [];
		case 'certificates':
			return certify(order);
		case 'passwords':
			return addClient(order);
	}
};

const certify = async (order: AuthenticationOrder): Promise<readonly string[]> => {
	const {folder, answers, environment, now} = order;
	const place = tlsFolder(folder);
	const wasThere = existsSync(place);
	try {
		const {server, clients} = await makeCertificates({
			...{folder: place, hosts: ['localhost', ...ownNames()], clients: [answers.zeo_auth_user]},
			...{days: certificateDays, renews: false, environment, now},
		});
		return [
			...(clients.some(client => client.isNew) ? wordsForClients(order) : []),
			...(wasThere && server.isNew
				? ['a server that runs must be restarted to use its new certificate']
				: []),
		];
	} catch (error) {
		if (!wasThere) rmSync(place, {recursive: true, force: true});
		throw error;
	}
};

const addClient = (order: AuthenticationOrder): readonly string[] => {
	const {folder, answers, password} = order;
	const file = passwordsFile(folder, answers);
	const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
	const database = inRealm(parseAuthenticationDatabase(present), answers.project_slug);
	if (password === undefined || database.users.has(answers.zeo_auth_user)) return [];
	const changed = addUser(database, answers.zeo_auth_user, password);
	replaceDurably(file, renderAuthenticationDatabase(changed), {mode: 0o600});
	return wordsForClients(order);
};

const wordsForClients = ({answers, folder}: AuthenticationOrder): readonly string[] => [
	'clients put into <clientstorage> or <zeoclient> (see README.md):',
	...renderClientAuthentication(answers, folder).map(line => `  ${line}`),
];

/** Whether the password of the client is needed: it is kept nowhere but in the database of a ZEO 4. */
export const needsPassword = (folder: string, answers: Answers): boolean => {
	if (authenticationOf(answers) !== 'passwords') return false;
	const file = passwordsFile(folder, answers);
	if (!existsSync(file)) return true;
	return !parseAuthenticationDatabase(readFileSync(file, 'utf8')).users.has(answers.zeo_auth_user);
};
