import {hostname} from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {checkClient} from '../scaffold/answer-checks.js';
import {isHost} from './certificate-profiles.js';
import type {Context} from './command.js';
import type {CertificateOrder} from './make-certificates.js';

const texts = {type: 'string', multiple: true} as const;

/** Understands the words after `certificates`. Throws usage errors. */
export const parseCertificateOptions = ({
	action,
	commandLine,
	system,
}: Context): Pick<CertificateOrder, 'folder' | 'hosts' | 'clients' | 'days' | 'renews'> => {
	const {
		folder,
		host = [],
		client = ['client'],
		days = '825',
		renew = false,
	} = split(action.argumentWords);
	const {configFile} = commandLine.overrides;
	if (folder === undefined && configFile === undefined)
		throw misuse('no folder is named; use --folder, or -C for the folder tls beside a conf');
	const place = folder ?? path.join(path.dirname(configFile ?? ''), 'tls');
	if (/[\x00-\x1f\x7f]/.test(place)) throw misuse('the name of the folder has control characters');
	const oddHost = host.find(name => !isHost(name));
	if (oddHost !== undefined) throw misuse(`'${oddHost}' is neither a host name nor an address`);
	const oddClient = client.find(name => checkClient(name) !== undefined);
	if (oddClient !== undefined)
		throw misuse(
			`no client can be called '${oddClient}': letters, digits, ".", "_" and "-", up to 63`,
		);
	if (!/^[1-9]\d{0,3}$/.test(days)) throw misuse('--days is a number from 1 to 9999');
	return {
		folder: path.resolve(system.cwd, place),
		hosts: [...new Set([...host, ...ownNames()])],
		clients: [...new Set(client)],
		days: Number(days),
		renews: renew,
	};
};

/** Names under which every server is reached from its own machine. */
export const ownNames = (): readonly string[] =>
	[hostname(), 'localhost', '127.0.0.1', '::1'].filter(isHost);

const split = (words: readonly string[]) => {
	try {
		return parseArgs({
			args: [...words],
			options: {
				folder: {type: 'string'},
				host: texts,
				client: texts,
				days: {type: 'string'},
				renew: {type: 'boolean'},
			},
		}).values;
	} catch (error) {
		throw misuse(errorMessage(error).replace(/\. .*/s, ''));
	}
};

const misuse = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot make certificates: ${reason}`);
