import {connect, type Socket} from 'node:net';
import {systemErrorCode} from '../platform/errors.js';
import {isPlainlyAbsent} from './socket-absence.js';
import {openSocketAddress} from './socket-path.js';
import {explainHang, explainRefusal} from './socket-trouble.js';

// How long to wait before asking again a listener whose queue is full (an old manager's holds two), or that has ended
// with us in its queue (ECONNRESET).
const retryMs = 10;

/**
 * Connects to a control socket within `timeoutMs`, or tells which plain absence there is. Anything else is thrown
 * as a ZeoctlError. Errors of the connection end it, so that `close` is all its owner has to look at.
 */
export const dial = async (
	socketPath: string,
	timeoutMs: number,
): Promise<Socket | 'absent' | 'stale'> => {
	// Node's network code is a fifth of the start of a process, and is loaded when it is first used.
	if (isPlainlyAbsent(socketPath)) return 'absent';
	const deadline = process.uptime() + timeoutMs / 1000;
	for (;;) {
		const outcome = await tryDial(socketPath);
		if (typeof outcome === 'object') return outcome;
		if (outcome !== 'EAGAIN' && outcome !== 'ECONNRESET')
			return explainRefusal(socketPath, outcome);
		if (process.uptime() >= deadline) throw explainHang(socketPath, timeoutMs);
		await new Promise(resolve => setTimeout(resolve, retryMs));
	}
};

const tryDial = (socketPath: string): Promise<Socket | string> =>
	new Promise((resolve, reject) => {
		const refuse = (error: unknown) => {
			const code = systemErrorCode(error);
			if (code?.startsWith('E') && !code.startsWith('ERR_')) resolve(code);
			else reject(error);
		};
		try {
			const {address, close} = openSocketAddress(socketPath);
			const socket = connect(address);
			close();
			socket.on('error', refuse);
			socket.once('connect', () => resolve(socket));
		} catch (error) {
			refuse(error);
		}
	});
