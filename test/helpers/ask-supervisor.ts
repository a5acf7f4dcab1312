import {connect} from '../../src/control/client.js';
import type {Status} from '../../src/control/messages.js';

/** What the supervisor itself says; the command reads a snapshot that lies beside the socket, and the conf before. */
export const askSupervisor = async (socketPath: string, timeoutMs?: number): Promise<Status> => {
	const asker = {client: 'test'};
	const contact = await connect({socketPath, asker, ...(timeoutMs !== undefined && {timeoutMs})});
	if (contact.contact !== 'session') throw new Error(`the socket is ${contact.contact}`);
	try {
		return await contact.session.status();
	} finally {
		contact.session.close();
	}
};
