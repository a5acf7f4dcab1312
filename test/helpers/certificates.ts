import {execFileSync} from 'node:child_process';
import path from 'node:path';

/** Files of a self-signed certificate and its key. */
export type Certificate = {readonly certificate: string; readonly key: string};

/** Makes a certificate that is valid for so many days, optionally with a password on its key. */
export const makeCertificate = (
	folder: string,
	name: string,
	{days = 30, password}: {readonly days?: number; readonly password?: string} = {},
): Certificate => {
	const certificate = path.join(folder, `${name}.pem`);
	const key = path.join(folder, `${name}.key`);
	const [form, subject] = ['ec', `/CN=${name}`];
	const protection = password === undefined ? ['-nodes'] : ['-passout', `pass:${password}`];
	const files = ['-keyout', key, '-out', certificate];
	execFileSync(
		'openssl',
		[
			...['req', '-x509', '-newkey', form, '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
			...['-days', String(days), '-subj', subject, ...protection, ...files],
		],
		{stdio: 'pipe'},
	);
	return {certificate, key};
};

/** Makes a certificate for a server on this machine, which is its own authority. */
export const makeServerCertificate = (folder: string, host = 'localhost'): Certificate => {
	const certificate = path.join(folder, `${host}.pem`);
	const key = path.join(folder, `${host}.key`);
	execFileSync(
		'openssl',
		[
			...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
			...['-days', '30', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`],
			...['-keyout', key, '-out', certificate],
		],
		{stdio: 'pipe'},
	);
	return {certificate, key};
};
