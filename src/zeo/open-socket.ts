import {connect, type Socket} from 'node:net';

/** Where a ZEO server is reached: an absolute Unix path, or a host that can be connected to (not a wildcard). */
export type ZeoAddress = {readonly path: string} | {readonly host: string; readonly port: number};

/**
 * Opens the byte stream to a server. The socket is returned while it still connects; it emits `connect` once
 * frames may be written.
 */
export type OpenSocket = (address: ZeoAddress) => Socket;

/** The longest path of a Unix socket in bytes (`sun_path`); Node cuts longer ones without a word. */
const maxPathBytes = 107;

/** Why no socket can ever be opened at an address, or undefined. */
export const explainUnusableAddress = (address: ZeoAddress): string | undefined => {
	if ('path' in address) {
		return Buffer.byteLength(address.path) > maxPathBytes
			? `the path of the socket is longer than ${maxPathBytes} bytes`
			: undefined;
	}

	return Number.isInteger(address.port) && address.port > 0 && address.port < 65_536
		? undefined
		: `${address.port} is not a port`;
};

/** Plain TCP or a Unix socket. */
export const openPlainSocket: OpenSocket = address =>
	connect('path' in address ? {path: address.path} : {...address, noDelay: true});
