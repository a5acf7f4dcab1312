import type {Reply, Request} from '../control/messages.js';
import type {Session} from '../control/session.js';
import {ZeoctlError} from '../platform/errors.js';

/** Asks the supervisor to start, stop or restart the program. A refusal is an error with its reason. */
export const askFor = async (
	session: Session,
	request: Extract<Request['request'], 'start' | 'stop' | 'restart'>,
): Promise<Reply> => {
	const reply = await session.ask({request});
	if (reply.reply === 'refused')
		throw new ZeoctlError('START_FAILED', `cannot ${request} the program: ${reply.reason}`);
	return reply;
};
