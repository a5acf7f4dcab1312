import {X509Certificate} from 'node:crypto';
import {readFileSync, type Stats, statSync} from 'node:fs';
import path from 'node:path';
import {systemReason} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {Finding} from '../settings/check.js';
import type {ServerSettings} from '../settings/settings.js';
import {locateKey} from './locate-key.js';

/** So long before the end of a certificate it is told: time to bring new ones to every client. */
const earlyDays = 30;

/**
 * What is wrong, or soon will be, with the certificates that a server shows and trusts. Relative paths count from
 * `directory`; `now` is Unix milliseconds.
 */
export const findCertificateWarnings = (
	server: ServerSettings | undefined,
	{directory, now}: {readonly directory: string; readonly now: number},
): readonly Finding[] => {
	const {tls} = server?.zeo ?? {};
	if (tls === undefined) return [];
	const certificate = path.resolve(directory, tls.certificate);
	const key = tls.key === undefined ? undefined : path.resolve(directory, tls.key);
	const file = server?.confPath;
	const warn =
		(name: string) =>
		({message, hint}: Warning): Finding => ({
			severity: 'warning',
			message,
			file,
			line: locateKey(file, name),
			hint,
			text: undefined,
		});
	return [
		...findExpiry(certificate, now).map(warn('certificate')),
		...(key === undefined ? [] : findMissing(key)).map(warn('key')),
		...judgeTrusted(tls.authenticate, {directory, now}).map(warn('authenticate')),
		...findReaders(key ?? certificate).map(warn(key === undefined ? 'certificate' : 'key')),
	];
};

/** `DYNAMIC` stands for no file; a folder is one of certificates by the hash of their names. */
const judgeTrusted = (
	authenticate: string,
	{directory, now}: {readonly directory: string; readonly now: number},
): readonly Warning[] => {
	const file = path.resolve(directory, authenticate);
	return authenticate === 'DYNAMIC' || tryStat(file)?.isDirectory() ? [] : findExpiry(file, now);
};

const findMissing = (file: string): readonly Warning[] => {
	try {
		statSync(file);
		return [];
	} catch (error) {
		return [unreadable(file, error)];
	}
};

const unreadable = (file: string, error: unknown): Warning => ({
	message: `cannot read '${file}': ${systemReason(error)}`,
	hint: renderShellCommand(['namei', '-l', file]),
});

const findReaders = (key: string): readonly Warning[] =>
	isForOthers(key)
		? [{message: `others can read the key in '${key}'`, hint: `chmod 600 '${key}'`}]
		: [];

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
		return [{...unreadable(file, error), isOver: true}];
	}
};

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

const isForOthers = (file: string): boolean => ((tryStat(file)?.mode ?? 0) & 0o007) !== 0;

const tryStat = (file: string): Stats | undefined => {
	try {
		return statSync(file);
	} catch {
		return undefined;
	}
};
