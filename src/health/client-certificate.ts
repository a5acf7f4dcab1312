import {X509Certificate} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {createSecureContext, type SecureContext} from 'node:tls';
import {errorMessage} from '../platform/errors.js';
import type {ZeoSettings} from '../settings/settings.js';

type TlsSettings = NonNullable<ZeoSettings['tls']>;

/** What a probe shows to a server that wants a client certificate. */
export type ClientCertificate = {
	/** Undefined when the files cannot be used: a probe then shows no certificate. */
	readonly context: SecureContext | undefined;
	/** SHA-256 of the configured certificate, to see whether the server uses this one. */
	readonly fingerprint: string | undefined;
	/** Why the server will refuse the probe, as far as the files tell. */
	readonly trouble: string | undefined;
};

/**
 * The one certificate that is at hand is the server's own: it works where `authenticate` trusts it, and nothing is
 * guessed beyond. Files are read again only when they have changed, because every context costs memory.
 */
export const createCertificateLoader = (): ((tls: TlsSettings) => ClientCertificate) => {
	let known: {readonly identity: string; readonly loaded: ClientCertificate} | undefined;
	return tls => {
		const identity = [tls.certificate, tls.key ?? tls.certificate].map(identify).join(' ');
		if (known?.identity !== identity) known = {identity, loaded: load(tls)};
		return known.loaded;
	};
};

const identify = (file: string): string => {
	try {
		const {ino, size, mtimeMs} = statSync(file);
		return `${file} ${ino} ${size} ${mtimeMs}`;
	} catch {
		return file;
	}
};

const load = ({certificate, key}: TlsSettings): ClientCertificate => {
	const fingerprint = fingerprintOf(certificate);
	try {
		const cert = readFileSync(certificate);
		const context = createSecureContext({cert, key: readFileSync(key ?? certificate)});
		const {validTo} = new X509Certificate(cert);
		const trouble =
			Date.parse(validTo) < Date.now()
				? `the certificate in ${certificate} has expired on ${validTo}`
				: undefined;
		return {context, fingerprint, trouble};
	} catch (error) {
		const trouble = `cannot use ${key ?? certificate}: ${errorMessage(error)}`;
		return {context: undefined, fingerprint, trouble};
	}
};

const fingerprintOf = (file: string): string | undefined => {
	try {
		return new X509Certificate(readFileSync(file)).fingerprint256;
	} catch {
		return undefined;
	}
};
