import {dial} from './dial.js';
import {followSuccessor} from './follow-successor.js';
import {JsonSession} from './json-session.js';
import type {ConnectOptions, Contact} from './session.js';
import {explainAnswer} from './socket-trouble.js';
import {createTextSession} from './text-session.js';

// Between two tries at a supervisor that hung up before it said a word: it is leaving, or arriving.
const retryMs = 10;

/**
 * Finds out who is at a control socket and speaks whichever protocol they do. A status asked for in the same
 * turn in which this resolves is the one that came with the answer to the hello, so it costs no round trip.
 * Fails with a ZeoctlError: PERMISSION, SOCKET_UNUSABLE, SUPERVISOR_HUNG (no answer within `timeoutMs`,
 * 5000 by default) or PROTOCOL.
 */
export const connect = async (options: ConnectOptions): Promise<Contact> => {
	const {socketPath, asker, timeoutMs = 5000, speaksJson = false} = options;
	const deadline = process.uptime() + timeoutMs / 1000;
	for (;;) {
		const socket = await dial(socketPath, timeoutMs);
		if (typeof socket === 'string') return {contact: socket};
		const session = new JsonSession({socket, socketPath, timeoutMs});
		const answer = speaksJson ? session.introduce(asker) : await session.greet(asker);
		if (answer === undefined) {
			const reconnect = () => connect({...options, speaksJson: false});
			return {contact: 'session', session: followSuccessor(session, reconnect)};
		}
		if (answer.startsWith("Unknown command '{")) {
			return {contact: 'session', session: createTextSession({socketPath, timeoutMs})};
		}
		const isPassing = answer === '' || answer.startsWith('Command superseded');
		if (!isPassing || process.uptime() > deadline) {
			throw explainAnswer(socketPath, answer);
		}
		await new Promise(resolve => setTimeout(resolve, retryMs));
	}
};
