import {X509Certificate} from 'node:crypto';
import {readFileSync, type Stats, statSync} from 'node:fs';
import {errorMessage} from '../platform/errors.js';
import type {Finding} from '../settings/check.js';
import type {ServerSettings} from '../settings/settings.js';

/** So long before the end of a certificate it is told: time to bring new ones to every client. */
const earlyDays = 30;

/** What is wrong, or soon will be, with the certificates that a server shows and trusts. `now` is Unix milliseconds. */
export const findCertificateWarnings = (
	server: ServerSettings | undefined,
	now: number,
): readonly Finding[] => {
	const tls = server?.zeo.tls;
	if (tls === undefined) return [];
	const key = tls.key ?? tls.certificate;
	return [
		...findExpiry(tls.certificate, now),
		...(isFile(tls.authenticate) ? findExpiry(tls.authenticate, now) : []),
		...(isForOthers(key)
			? [{message: `others can read the key in '${key}'`, hint: `chmod 600 '${key}'`}]
			: []),
	].map(({message, hint}) => ({
		severity: 'warning',
		message,
		file: server?.confPath,
		line: undefined,
		hint,
		text: undefined,
	}));
};

type Warning = {readonly message: string; readonly hint: string | undefined};

/**
 * Whether a certificate file has ended, or will soon. Of several in one file the one that lasts longest counts: the
 * others are there for old clients. `now` is Unix milliseconds.
 */
export const findExpiry = (
	file: string,
	now: number,
): readonly (Warning & {readonly isOver: boolean})[] => {
	try {
		// A device might never come to its end.
		if (!statSync(file).isFile()) throw new Error('not a regular file');
		const blocks = readFileSync(file, 'utf8').match(pemBlock) ?? [];
		const ends = blocks.map(block => Date.parse(new X509Certificate(block).validTo));
		const end = Math.max(...ends);
		if (blocks.length === 0)
			return [{message: `no certificate is in '${file}'`, hint: undefined, isOver: true}];
		if (end > now + earlyDays * 86_400_000) return [];
		const day = new Date(end).toISOString().slice(0, 10);
		const verb = end > now ? 'expires' : 'expired';
		const hint = 'zeoctl certificates --renew, for those that it has made; then restart the server';
		return [{message: `the certificate in '${file}' ${verb} on ${day}`, hint, isOver: end <= now}];
	} catch (error) {
		return [
			{message: `cannot read '${file}': ${errorMessage(error)}`, hint: undefined, isOver: true},
		];
	}
};

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

const isFile = (file: string): boolean => tryStat(file)?.isFile() ?? false;

const isForOthers = (file: string): boolean => ((tryStat(file)?.mode ?? 0) & 0o007) !== 0;

const tryStat = (file: string): Stats | undefined => {
	try {
		return statSync(file);
	} catch {
		return undefined;
	}
};
