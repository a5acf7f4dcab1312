import dgram from 'node:dgram';
import {lookup} from 'node:dns/promises';
import type {SyslogTransport} from './syslog.js';

type Peer = {readonly address: string; readonly socket: dgram.Socket};

/**
 * Sends `<PRIORITY>TEXT` and a zero byte over UDP, as Python does. The name is resolved at the first record and again
 * after a failure; a failure shows one record late, so that record is the one reported as lost.
 */
export const createSyslogDatagram = (host: string, port: number): SyslogTransport => {
	let peer: Promise<Peer> | undefined;
	let failure: unknown;
	let isClosed = false;

	const fail = (failed: Promise<Peer>, error: unknown): void => {
		if (peer !== failed || isClosed) return;
		failure = error;
		peer = undefined;
		failed.then(
			({socket}) => socket.close(),
			() => undefined,
		);
	};

	const deliver = (bytes: Buffer): void => {
		const current = peer ?? connect(host, error => fail(current, error));
		peer = current;
		current.then(
			({address, socket}) =>
				socket.send(bytes, port, address, error => {
					if (error !== null) fail(current, error);
				}),
			error => fail(current, error),
		);
	};

	return {
		send(priority, text) {
			if (isClosed) return;
			const before = failure;
			failure = undefined;
			deliver(Buffer.from(`<${priority}>${text}\0`));
			if (before !== undefined) throw before;
		},
		close() {
			if (isClosed) return;
			isClosed = true;
			// Records that wait for the address of the host still leave.
			peer?.then(
				({socket}) => setImmediate(() => socket.close()),
				() => undefined,
			);
		},
	};
};

const connect = async (host: string, onError: (error: Error) => void): Promise<Peer> => {
	const addresses = await lookup(host, {all: true});
	const found = addresses.find(({family}) => family === 4) ?? addresses[0];
	if (found === undefined) throw new Error(`unknown host '${host}'`);
	const socket = dgram.createSocket(found.family === 6 ? 'udp6' : 'udp4');
	socket.on('error', onError);
	socket.unref();
	return {address: found.address, socket};
};
