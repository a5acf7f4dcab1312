import type {NetworkAddress} from '../settings/settings.js';
import type {ZeoAddress} from '../zeo/open-socket.js';

const loopback = ['127.0.0.1', '::1'];

/** Hosts that mean "every address of this machine" when a server listens there. */
const wildcards: Readonly<Record<string, readonly string[]>> = {
	'': loopback,
	'*': loopback,
	'0.0.0.0': ['127.0.0.1'],
	'::': ['::1', '127.0.0.1'],
};

/**
 * Where to connect to a server that listens at an address, in the order to try. Empty when the address has no
 * port: the server then takes a random one.
 */
export const planTargets = (address: NetworkAddress): readonly ZeoAddress[] => {
	if (address.family === 'unix') {
		return [{path: address.path}];
	}

	const {host, port} = address;
	return port === null ? [] : (wildcards[host] ?? [host]).map(target => ({host: target, port}));
};
