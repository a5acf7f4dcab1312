import {once} from 'node:events';
import {linkSync} from 'node:fs';
import {createServer} from 'node:net';

/** Leaves a socket file behind on which nobody listens, as a killed supervisor does. */
export const makeStaleSocket = async (path: string): Promise<void> => {
	const server = createServer().listen(`${path}.alive`);
	await once(server, 'listening');
	linkSync(`${path}.alive`, path);
	server.close();
	await once(server, 'close');
};
