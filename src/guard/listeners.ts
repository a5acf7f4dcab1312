import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import path from 'node:path';
import type {NetworkAddress} from '../settings/settings.js';
import {canonicalHost, parseTcpListeners, parseUnixListeners} from './proc-tables.js';
import {readText} from './processes.js';

/** An address at which a server listens: an absolute Unix path, or host and port (`''` and `*`: every address). */
export type ListenAddress =
	| {readonly path: string}
	| {readonly host: string; readonly port: number};

/** An address of a conf; undefined where it names no port. */
export const listenAddress = (address: NetworkAddress): ListenAddress | undefined => {
	if (address.family === 'unix') return {path: address.path};
	return address.port === null ? undefined : {host: address.host, port: address.port};
};

/** A listening socket; the uid is that of its creator where the kernel tells. */
export type ListeningSocket = {readonly inode: number; readonly uid: number | undefined};

/** The sockets of this network namespace that listen at an address or stand in its way, the likeliest first. */
export const findListeners = async (address: ListenAddress): Promise<readonly ListeningSocket[]> =>
	'path' in address ? findUnixListeners(address.path) : findTcpListeners(address);

/** The inodes of all sockets of this network namespace that listen. */
export const findAllListeners = (): ReadonlySet<number> =>
	new Set(
		[...readTcpListeners(), ...parseUnixListeners(readText('/proc/net/unix') ?? '')].map(
			({inode}) => inode,
		),
	);

const readTcpListeners = () =>
	['/proc/net/tcp', '/proc/net/tcp6'].flatMap(table => parseTcpListeners(readText(table) ?? ''));

const isWildcard = (host: string): boolean => ['', '*', '0.0.0.0', '::'].includes(host);

const findTcpListeners = async ({
	host,
	port,
}: {
	readonly host: string;
	readonly port: number;
}): Promise<readonly ListeningSocket[]> => {
	const listeners = readTcpListeners().filter(listener => listener.port === port);
	if (isWildcard(host) || listeners.length === 0) {
		return listeners;
	}

	const wanted = await resolveHost(host);
	return [
		...listeners.filter(listener => wanted.includes(listener.host)),
		...listeners.filter(listener => isWildcard(listener.host)),
	];
};

const resolveHost = async (host: string): Promise<readonly string[]> => {
	if (isIP(host.replace(/%.*$/, '')) !== 0) {
		return [canonicalHost(host)];
	}

	const found = await lookup(host, {all: true}).catch(() => []);
	return found.map(({address}) => canonicalHost(address));
};

const findUnixListeners = (wanted: string): readonly ListeningSocket[] =>
	parseUnixListeners(readText('/proc/net/unix') ?? '')
		.filter(listener => isSamePath(listener.path, wanted))
		.map(({inode}) => ({inode, uid: undefined}));

/** A server that bound a relative path is listed with it, and its folder is not known here. */
const isSamePath = (bound: string, wanted: string): boolean =>
	path.isAbsolute(bound)
		? path.normalize(bound) === path.normalize(wanted)
		: path.basename(bound) === path.basename(wanted);
