import {createPrivateKey, randomBytes, X509Certificate} from 'node:crypto';
import {chownSync, existsSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import {isIP} from 'node:net';
import path from 'node:path';
import {replaceDurably} from '../platform/files.js';
import {type CertificateUse, isHost} from './certificate-profiles.js';
import {type Authority, makeKey, signCertificate} from './openssl.js';

/** What certificates are wanted, and where. */
export type CertificateOrder = {
	/** Absolute; made if it is missing, for its owner alone. */
	readonly folder: string;
	/** Names and addresses of the server. */
	readonly hosts: readonly string[];
	readonly clients: readonly string[];
	/** How long the certificates of server and clients are valid. */
	readonly days: number;
	/** Also those that are there are made anew. */
	readonly renews: boolean;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Unix milliseconds. */
	readonly now: number;
};

/** One certificate that was made, or was there. Paths are absolute. */
export type CertificateFiles = {
	readonly name: string;
	readonly certificate: string;
	readonly key: string;
	/** Unix seconds. */
	readonly expiresAt: number;
	readonly isNew: boolean;
};

/** All that a server and its clients need. */
export type CertificateSet = {
	/** The certificates of the authority that are valid, the newest first, in one file. */
	readonly authority: CertificateFiles;
	readonly server: CertificateFiles;
	readonly clients: readonly CertificateFiles[];
};

const dayMs = 86_400_000;

/** An authority lives ten years, and is renewed before it would end earlier than what it signs. */
const authorityDays = 3650;

/**
 * Makes an authority, and by it the certificates of a server and of clients; what is there already is kept. A
 * renewed authority has the key of the old one, and both stand in its file: each of them vouches for everything that
 * was signed by either, so that clients with the old file go on.
 */
export const makeCertificates = async (order: CertificateOrder): Promise<CertificateSet> => {
	const store = openStore(order.folder);
	const {authority, files} = await makeAuthority(order, store);
	const make = (name: string, use: CertificateUse) =>
		makeLeaf({order, store, authority, name, use});
	return {
		authority: files,
		server: await make('server', {use: 'server', hosts: joinHosts(order.hosts, store)}),
		clients: await sequentially(order.clients, name => make(name, {use: 'client'})),
	};
};

const sequentially = async <Item, Value>(
	items: readonly Item[],
	work: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> => {
	const values: Value[] = [];
	for (const item of items) values.push(await work(item));
	return values;
};

const makeAuthority = async (
	{folder, days, environment, now}: CertificateOrder,
	store: Store,
): Promise<{readonly authority: Authority; readonly files: CertificateFiles}> => {
	const known = store.read('ca.pem').match(pemBlock) ?? [];
	const [newest] = known;
	const formerKey = store.read('ca.key');
	const isKept = newest !== undefined && formerKey !== '' && expiryOf(newest) > now + days * dayMs;
	const key = formerKey || makeKey();
	const certificate = isKept
		? `${newest}\n`
		: await signCertificate({
				use: {use: 'authority'},
				name: nameOf(newest) ?? `ZEO authority ${randomBytes(4).toString('hex')}`,
				...{key, days: Math.max(authorityDays, days + 1), folder, environment},
			});
	if (!isKept) {
		store.write('ca.key', key);
		const valid = formerKey === '' ? [] : known.filter(old => expiryOf(old) > now);
		store.write('ca.pem', [certificate.trimEnd(), ...valid].map(text => `${text}\n`).join(''));
	}
	return {
		authority: {certificate, key},
		files: {...store.describe('ca'), isNew: !isKept},
	};
};

const makeLeaf = async ({
	order: {folder, days, renews, environment, now},
	store,
	authority,
	name,
	use,
}: {
	readonly order: CertificateOrder;
	readonly store: Store;
	readonly authority: Authority;
	readonly name: string;
	readonly use: CertificateUse;
}): Promise<CertificateFiles> => {
	const [present] = store.read(`${name}.pem`).match(pemBlock) ?? [];
	const isKept =
		!renews &&
		present !== undefined &&
		isKeyOf(store.read(`${name}.key`), present) &&
		expiryOf(present) > now &&
		isSignedBy(present, authority) &&
		(use.use !== 'server' || use.hosts.every(host => covers(present, host)));
	if (!isKept) {
		const key = makeKey();
		const certificate = await signCertificate({
			...{use, name, key, days, authority, folder, environment},
		});
		store.write(`${name}.key`, key);
		store.write(`${name}.pem`, certificate);
	}
	return {...store.describe(name), isNew: !isKept};
};

/** Those that are asked for, and those of the present certificate: clients may know the server by any of them. */
const joinHosts = (asked: readonly string[], store: Store): readonly string[] => {
	const [present] = store.read('server.pem').match(pemBlock) ?? [];
	const names = present === undefined ? '' : (new X509Certificate(present).subjectAltName ?? '');
	const former = [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, host = '']) => host);
	return [...new Set([...asked, ...former.filter(isHost)].map(canonicalHost))];
};

/** Of an IPv6 address its shortest form, to know it again. */
const canonicalHost = (host: string): string =>
	isIP(host) === 6 ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host.toLowerCase();

const covers = (pem: string, host: string): boolean => {
	const certificate = new X509Certificate(pem);
	const found = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
	return found !== undefined;
};

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

const expiryOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo);

/** False after a crash between the two. */
const isKeyOf = (key: string, pem: string): boolean =>
	key !== '' && new X509Certificate(pem).checkPrivateKey(createPrivateKey(key));

const isSignedBy = (pem: string, {certificate}: Authority): boolean =>
	new X509Certificate(pem).verify(new X509Certificate(certificate).publicKey);

/** The name of a former authority: another one would not be the issuer of what it has signed. */
const nameOf = (pem: string | undefined): string | undefined =>
	pem === undefined ? undefined : /^CN=([\w ]+)$/m.exec(new X509Certificate(pem).subject)?.[1];

type Store = {
	/** Empty for a file that is not there. */
	read(file: string): string;
	write(file: string, text: string): void;
	describe(name: string): Omit<CertificateFiles, 'isNew'>;
};

/** The folder of all these files, which belong to its owner; keys are for nobody else. */
const openStore = (folder: string): Store => {
	if (!existsSync(folder)) {
		const {uid, gid} = statSync(path.dirname(folder));
		mkdirSync(folder, {mode: 0o700});
		if (process.geteuid?.() === 0) chownSync(folder, uid, gid);
	}
	const {uid, gid} = statSync(folder);
	const read = (file: string): string => {
		const place = path.join(folder, file);
		return existsSync(place) ? readFileSync(place, 'utf8') : '';
	};
	return {
		read,
		write: (file, text) =>
			replaceDurably(path.join(folder, file), text, {
				...{mode: file.endsWith('.key') ? 0o600 : 0o644, uid, gid},
			}),
		describe: name => ({
			name,
			certificate: path.join(folder, `${name}.pem`),
			key: path.join(folder, `${name}.key`),
			expiresAt: expiryOf(read(`${name}.pem`).match(pemBlock)?.[0] ?? '') / 1000,
		}),
	};
};
