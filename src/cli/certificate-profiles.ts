import {isIP} from 'node:net';

/** What a certificate is for; a server also asks itself, as a client, how it is. */
export type CertificateUse =
	| {readonly use: 'authority'}
	| {readonly use: 'server'; readonly hosts: readonly string[]}
	| {readonly use: 'client'};

/**
 * The configuration of openssl(1) for one certificate, with the extensions under `[extensions]` that Python's strict
 * checking (VERIFY_X509_STRICT, RFC 5280) asks for.
 */
export const renderProfile = (use: CertificateUse): string =>
	[
		'[req]',
		'distinguished_name = subject',
		'[subject]',
		'[extensions]',
		'subjectKeyIdentifier = hash',
		...extensionsOf(use),
		'',
	].join('\n');

const extensionsOf = (use: CertificateUse): readonly string[] => {
	switch (use.use) {
		case 'authority':
			return [
				'basicConstraints = critical,CA:true,pathlen:0',
				'keyUsage = critical,keyCertSign,cRLSign',
			];
		case 'server':
			return [
				...leaf,
				'extendedKeyUsage = serverAuth,clientAuth',
				`subjectAltName = ${use.hosts.map(renderHost).join(',')}`,
			];
		case 'client':
			return [...leaf, 'extendedKeyUsage = clientAuth'];
	}
};

const leaf = [
	'authorityKeyIdentifier = keyid',
	'basicConstraints = critical,CA:false',
	'keyUsage = critical,digitalSignature',
];

const renderHost = (host: string): string => (isIP(host) === 0 ? `DNS:${host}` : `IP:${host}`);

/** Whether a name or address can stand in a certificate, and in the configuration above. */
export const isHost = (text: string): boolean =>
	isIP(text) !== 0 ||
	/^(?=.{1,253}$)[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(text);
