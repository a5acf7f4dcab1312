import type {Reply, Request} from '../control/messages.js';
import type {Session} from '../control/session.js';
import {ZeoctlError} from '../platform/errors.js';
import {unusableConfiguration} from '../program/failure-kinds.js';

/**
 * Asks the supervisor to start, stop or restart the program. A refusal is an error with its reason, and with `check` as
 * what to type where the configuration is the reason.
 */
export const askFor = async (
	session: Session,
	request: Extract<Request['request'], 'start' | 'stop' | 'restart'>,
	check?: () => string,
): Promise<Reply> => {
	const reply = await session.ask({request});
	if (reply.reply !== 'refused') return reply;
	const isAboutConf = reply.reason.startsWith(unusableConfiguration);
	throw new ZeoctlError('START_FAILED', `cannot ${request} the program: ${reply.reason}`, {
		...(isAboutConf && check !== undefined && {hint: check()}),
	});
};
