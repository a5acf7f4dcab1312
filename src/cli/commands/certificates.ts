import path from 'node:path';
import {errorMessage, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {renderTlsSection} from '../../scaffold/tls-section.js';
import {parseCertificateOptions} from '../certificate-options.js';
import type {PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {
	type CertificateFiles,
	type CertificateOrder,
	type CertificateSet,
	makeCertificates,
} from '../make-certificates.js';
import {answer, say} from '../output.js';

export const certificates: PlainCommand = {
	name: 'certificates',
	summary: 'make the certificates that ZEO 5 and later have for passwords',
	usage: '[--folder DIR] [--renew] [--json]',
	options: [
		['--folder DIR', 'where they are; without it, the folder tls beside the conf'],
		['--host NAME', 'a name or address of the server, may be repeated'],
		['--client NAME', 'a client, may be repeated (default "client")'],
		['--days N', 'how long those of server and clients are valid (default 825)'],
		['--renew', 'make those of the server and of these clients anew'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Makes an authority of its own, and by it the certificates of the server and of its clients, with openssl. What is there already is kept, so that clients can be added later.',
		'Prints the <ssl> sections for the conf of the server and for those of the clients. No conf is changed.',
		'The server reads its certificates when it starts: restart it after a renewal. Clients go on with theirs.',
		'Every server is also called by the name of this machine, localhost, 127.0.0.1 and ::1.',
	],
	scope: 'none',
	async run(context) {
		const {environment, clock} = context.system;
		const order = {...parseCertificateOptions(context), environment, now: clock.now()};
		const made = await make(order);
		say(context, renderSet(order, made));
		answer(context, {action: 'certificates', folder: order.folder, hosts: order.hosts, ...made});
		return exitCode('ok');
	},
};

const make = async (order: CertificateOrder): Promise<CertificateSet> => {
	try {
		return await makeCertificates(order);
	} catch (error) {
		const code = systemErrorCode(error);
		if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
		throw new ZeoctlError(
			code === 'EACCES' || code === 'EPERM' ? 'PERMISSION' : 'AUTHENTICATION',
			`cannot make certificates in '${renderForTerminal(order.folder)}': ${errorMessage(error)}`,
			{cause: error},
		);
	}
};

const renderSet = (
	{hosts: [host = 'localhost']}: CertificateOrder,
	{authority, server, clients}: CertificateSet,
): string =>
	[
		...[authority, server, ...clients].map(renderFiles),
		'',
		'# in the <zeo> section of the server',
		...renderTlsSection({...server, authority: authority.certificate}),
		...clients.flatMap(client => [
			'',
			`# in the <clientstorage> or <zeoclient> section of ${client.name}, after copying these files there`,
			...renderTlsSection({...client, authority: authority.certificate}, host),
		]),
		...(server.isNew
			? ['', 'a server that runs must be restarted to use its new certificate']
			: []),
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

const renderFiles = ({certificate, key, expiresAt, isNew}: CertificateFiles): string =>
	`${isNew ? 'made' : 'kept'} ${certificate} and ${path.basename(key)}, valid until ${new Date(expiresAt * 1000).toISOString().slice(0, 10)}`;
