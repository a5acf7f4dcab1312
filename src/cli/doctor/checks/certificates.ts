import {createPrivateKey, X509Certificate} from 'node:crypto';
import {accessSync, constants, readFileSync} from 'node:fs';
import path from 'node:path';
import {errorMessage} from '../../../platform/errors.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import type {ZeoSettings} from '../../../settings/settings.js';
import {findExpiry} from '../../certificate-warnings.js';
import {type Check, ofServer} from '../check.js';
import {error, type Finding, fine, idle, orFine, unknown, warning} from '../finding.js';
import {listIfSeen, statIfSeen} from '../seen-files.js';
import type {Subject} from '../subject.js';

type Tls = NonNullable<ZeoSettings['tls']>;

const noTls = [idle('the conf has no <ssl> section')];

const expiry = ofServer({
	group: 'certificates',
	name: 'expiry',
	about: 'the certificates of the server and of its authority are valid for 30 more days',
	run({server, system, zeoctl}) {
		const {tls} = server.zeo;
		if (tls === undefined) return noTls;
		const now = system.clock.now();
		const files = [tls.certificate, ...authorities(tls)];
		return orFine(
			files.flatMap(file =>
				isClosed(file)
					? [unknown(`'${file}' cannot be read by you`)]
					: findExpiry(file, now).map(({message, isOver}) =>
							(isOver ? error : warning)(message, {
								advice: 'for those that zeoctl has made; then restart the server',
								command: zeoctl('certificates', '--renew'),
							}),
						),
			),
			files.join(', '),
		);
	},
});

const key = ofServer({
	group: 'certificates',
	name: 'key',
	about: 'the key belongs to the certificate, and not everybody can read it',
	run: ({server, asOwner}) =>
		server.zeo.tls === undefined ? noTls : judgeKey(server.zeo.tls, asOwner),
});

/** Whether a server could use the key, and who else could. */
export const judgeKey = (
	{certificate, key: keyFile}: Pick<Tls, 'certificate' | 'key'>,
	asOwner: Subject['asOwner'],
): readonly Finding[] => {
	const file = keyFile ?? certificate;
	const stats = statIfSeen(file);
	if (stats === undefined) return [unknown(`the key '${file}' is not there, or cannot be seen`)];
	const isOpen = (stats.mode & 0o007) !== 0;
	const fit = compareKey(certificate, file);
	return orFine(
		[
			...(isOpen
				? [
						error(
							`others can read the key in '${file}' (mode ${(stats.mode & 0o777).toString(8)})`,
							{
								command: asOwner(file, 'chmod', '600', file),
							},
						),
					]
				: []),
			...(fit === undefined ? [] : [fit]),
		],
		file,
	);
};

/** A key with a password cannot be opened here, which says nothing against it. */
const compareKey = (certificate: string, file: string): Finding | undefined => {
	try {
		const text = readFileSync(file, 'utf8');
		if (/ENCRYPTED/.test(text)) return unknown(`the key in '${file}' has a password`);
		const shown = new X509Certificate(readFileSync(certificate));
		return shown.checkPrivateKey(createPrivateKey(text))
			? undefined
			: error(`the key in '${file}' does not belong to the certificate in '${certificate}'`, {
					advice: 'the server cannot start with them: put the pair that belongs together there',
				});
	} catch (cause) {
		return isHidden(cause)
			? unknown(`'${file}' cannot be read by you`)
			: error(`'${file}' cannot be used: ${errorMessage(cause)}`, {
					command: renderShellCommand(['openssl', 'pkey', '-in', file, '-noout']),
				});
	}
};

const isClosed = (file: string): boolean => {
	try {
		accessSync(file, constants.R_OK);
		return false;
	} catch (cause) {
		return isHidden(cause);
	}
};

const isHidden = (cause: unknown): boolean =>
	cause instanceof Error && 'code' in cause && cause.code === 'EACCES';

const trust = ofServer({
	group: 'certificates',
	name: 'authority',
	about: 'the certificates that clients are checked against are there',
	run: ({server}) => (server.zeo.tls === undefined ? noTls : judgeTrust(server.zeo.tls)),
});

/** A file of certificates, or a folder of them by the hash of their names, as OpenSSL has it. */
export const judgeTrust = ({authenticate}: Pick<Tls, 'authenticate'>): readonly Finding[] => {
	const stats = statIfSeen(authenticate);
	if (stats === undefined)
		return authenticate.includes('/')
			? [
					error(`there is nothing at '${authenticate}': no client can be let in`, {
						command: renderShellCommand(['namei', '-l', authenticate]),
					}),
				]
			: [unknown(`'${authenticate}' is looked for where the server runs`)];
	if (!stats.isDirectory()) return [fine(authenticate)];
	const hashed = listIfSeen(authenticate).filter(name => /^[0-9a-f]{8}\.\d+$/.test(name));
	return hashed.length > 0
		? [fine(`${authenticate}: ${hashed.length} certificates`)]
		: [
				error(`'${authenticate}' holds no certificate under the hash of its name`, {
					command: renderShellCommand(['openssl', 'rehash', authenticate]),
				}),
			];
};

const authorities = ({authenticate}: Tls): readonly string[] =>
	statIfSeen(authenticate)?.isFile() ? [path.resolve(authenticate)] : [];

/** What the server shows, and whom it trusts. */
export const certificateChecks: readonly Check[] = [expiry, key, trust];
