import {renderPythonString} from '../platform/python-repr.js';
import {splitWords} from '../zconfig/python-text.js';
import {ConversionError, isConversionError} from './conversion-error.js';
import {type Datatype, portNumber, type Surroundings} from './datatypes.js';

/** A Unix path, or host and port; the port is null when none is given. */
export type SocketAddress =
	| {readonly family: 'unix'; readonly path: string}
	| {readonly family: 'inet' | 'inet6'; readonly host: string; readonly port: number | null};

export type InetAddress = {readonly host: string; readonly port: number | null};

/** `8100`, `:8100`, `host`, `host:8100`, `[::1]:8100`, `::1`. No name is looked up. */
const inetAddressWith =
	(defaultHost: string): Datatype<InetAddress> =>
	(text, surroundings) => {
		const {host, port} = text.includes(':')
			? hostAndPort(text, surroundings)
			: hostOrPort(text, surroundings);
		return {host: host || defaultHost, port};
	};

export const inetAddress: Datatype<InetAddress> = inetAddressWith('');
const inetConnectionAddress = inetAddressWith('127.0.0.1');

const hostAndPort = (text: string, surroundings: Surroundings): InetAddress => {
	const colon = text.lastIndexOf(':');
	const host = text.slice(0, colon);
	const port = text.slice(colon + 1);
	const convertedPort = (): number | null => (port === '' ? null : portNumber(port, surroundings));
	if (host.startsWith('[') && host.endsWith(']')) {
		return {host: host.slice(1, -1).toLowerCase(), port: convertedPort()};
	}
	// A second colon makes it an IPv6 address without brackets, whose last part is no port.
	if (host.includes(':')) return {host: text.toLowerCase(), port: null};
	return {host: host.toLowerCase(), port: convertedPort()};
};

const hostOrPort = (text: string, surroundings: Surroundings): InetAddress => {
	try {
		return {host: '', port: portNumber(text, surroundings)};
	} catch (error) {
		if (!isConversionError(error)) throw error;
		if (splitWords(text).length === 1) return {host: text.toLowerCase(), port: null};
		throw new ConversionError(`not a valid host name: ${renderPythonString(text)}`);
	}
};

const socketAddressWith =
	(inet: Datatype<InetAddress>): Datatype<SocketAddress> =>
	(text, surroundings) => {
		if (text.includes('/')) return {family: 'unix', path: text};
		const address = inet(text, surroundings);
		return {family: address.host.includes(':') ? 'inet6' : 'inet', ...address};
	};

/** To listen at: without a host, all interfaces. */
export const socketAddress: Datatype<SocketAddress> = socketAddressWith(inetAddress);

/** To connect to: without a host, this machine. */
export const socketConnectionAddress: Datatype<SocketAddress> =
	socketAddressWith(inetConnectionAddress);

/** A port of this machine, or of one of its addresses. */
export type PortAddress = {readonly host: string; readonly port: number};

/** To listen at, for local clients unless another host is given. */
export const portAddress: Datatype<PortAddress> = (text, surroundings) => {
	const {host, port} = inetConnectionAddress(text, surroundings);
	if (text.includes('/') || port === null || port === 0)
		throw new ConversionError(`not a port, nor host and port: ${renderPythonString(text)}`);
	return {host, port};
};
