import type {Reply} from '../control/messages.js';
import type {InstanceContext} from './command.js';
import type {Reached} from './instance.js';
import {say} from './output.js';

export type Reopening = {
	readonly outcome: 'reopened' | 'not-running' | 'failed';
	readonly reason: string | null;
};

/** Asks the supervisor to reopen its files, and prints what there is to say about it: nothing, if it did. */
export const reopenFiles = async (
	context: InstanceContext,
	reached: Reached,
): Promise<Reopening> => {
	if (reached.contact !== 'session') {
		say(context, 'daemon manager not running\n');
		return {outcome: 'not-running', reason: null};
	}
	const reply = await reached.session.ask({request: 'reopen-transcript'});
	const failure = failureOf(reply);
	if (failure === null) {
		const reason = lossOf(reply);
		// Scripts get nothing to read from a success.
		if (reason !== null && !context.json && context.system.stderr.isTerminal)
			context.system.stderr.write(`Warning: ${reason}\n`);
		return {outcome: 'reopened', reason};
	}
	if (!context.json)
		context.system.stderr.write(`Error: cannot reopen the transcript: ${failure}\n`);
	return {outcome: 'failed', reason: failure};
};

/** What may have been lost although it was reopened. */
const lossOf = (reply: Reply): string | null =>
	reply.reply === 'reopened' ? (reply.reason ?? null) : null;

const failureOf = (reply: Reply): string | null => {
	switch (reply.reply) {
		case 'reopened':
			return reply.confirmed
				? null
				: (reply.reason ?? 'the file at its path is not the one that the program writes to');
		case 'refused':
			return reply.reason;
		default:
			return `unexpected reply '${reply.reply}'`;
	}
};
