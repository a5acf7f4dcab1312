import {generateKeyPairSync, randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {errorMessage, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {type CertificateUse, renderProfile} from './certificate-profiles.js';

/** What signs: certificate and key, as PEM. */
export type Authority = {readonly certificate: string; readonly key: string};

/** A new private key (ECDSA, P-256) as PEM. */
export const makeKey = (): string =>
	generateKeyPairSync('ec', {
		namedCurve: 'P-256',
		publicKeyEncoding: {type: 'spki', format: 'pem'},
		privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
	}).privateKey;

/**
 * Signs a certificate for a key, with openssl(1) (Node can only read them), and gives it as PEM. Without an authority
 * it signs itself. Keys are in a private folder inside `folder` meanwhile, never in an argument.
 */
export const signCertificate = async (options: {
	readonly use: CertificateUse;
	readonly name: string;
	readonly key: string;
	readonly days: number;
	readonly authority?: Authority;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<string> => {
	const {use, name, key, days, authority, folder, environment} = options;
	const workshop = mkdtempSync(path.join(folder, '.making-'));
	try {
		const put = (file: string, text: string): void =>
			writeFileSync(path.join(workshop, file), text, {mode: 0o600});
		put('profile', renderProfile(use));
		put('key', key);
		const openssl = async (words: readonly string[]): Promise<string> =>
			(
				await execa('openssl', words, {
					cwd: workshop,
					env: environment,
					extendEnv: false,
					stdin: 'ignore',
				})
			).stdout;
		const request = [
			'req',
			'-new',
			'-sha256',
			'-config',
			'profile',
			'-key',
			'key',
			'-subj',
			`/CN=${name}`,
		];
		const life = ['-days', String(days), '-set_serial', makeSerial()];
		if (authority === undefined)
			return `${await openssl([...request, '-x509', '-extensions', 'extensions', ...life])}\n`;
		put('authority', authority.certificate);
		put('authority-key', authority.key);
		put('request', await openssl(request));
		const signature = ['-CA', 'authority', '-CAkey', 'authority-key', '-sha256', ...life];
		const extensions = ['-extfile', 'profile', '-extensions', 'extensions'];
		return `${await openssl(['x509', '-req', '-in', 'request', ...signature, ...extensions])}\n`;
	} catch (error) {
		throw systemErrorCode(error) === 'ENOENT' ? withoutOpenssl(error) : refused(name, error);
	} finally {
		rmSync(workshop, {recursive: true, force: true});
	}
};

/** Positive, and of 127 random bits (RFC 5280, 4.1.2.2). */
const makeSerial = (): string => {
	const bytes = randomBytes(16);
	bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
	return `0x${bytes.toString('hex')}`;
};

const withoutOpenssl = (cause: unknown): ZeoctlError =>
	new ZeoctlError('AUTHENTICATION', 'cannot make certificates: there is no command openssl', {
		cause,
		hint: 'sudo apt install openssl',
	});

const refused = (name: string, cause: unknown): ZeoctlError =>
	new ZeoctlError(
		'AUTHENTICATION',
		`cannot make the certificate of '${name}': ${errorMessage(cause)}`,
		{
			cause,
		},
	);
