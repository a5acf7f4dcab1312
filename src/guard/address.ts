import {connect} from 'node:net';
import {type Holder, whoListens} from './holders.js';
import type {ListenAddress} from './listeners.js';

/** Milliseconds for a connection to this machine; whoever needs more is as good as nobody. */
const limitMs = 1000;

/**
 * Who accepts connections at the addresses where a server is to listen; undefined when nobody does. A trial
 * connection, as the server itself makes before it listens.
 */
export const findOccupant = async (
	addresses: readonly ListenAddress[],
): Promise<{readonly address: ListenAddress; readonly holder: Holder} | undefined> => {
	for (const address of addresses) {
		if (!(await accepts(address))) continue;
		const holder = await whoListens(address);
		return {
			address,
			holder: holder ?? {visible: false, pid: undefined, uid: undefined},
		};
	}
	return undefined;
};

const accepts = (address: ListenAddress): Promise<boolean> =>
	new Promise(resolve => {
		const socket = connect(address);
		const end = (isAccepted: boolean): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve(isAccepted);
		};
		const timer = setTimeout(() => end(false), limitMs);
		socket.once('connect', () => end(true));
		socket.once('error', () => end(false));
	});
