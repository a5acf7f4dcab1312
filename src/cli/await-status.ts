import type {Status} from '../control/messages.js';
import type {InstanceContext} from './command.js';
import {say} from './output.js';
import {type Limit, type Outcome, waitFor} from './waiting.js';

/** Waits as a command does: a dot a second on stdout, Ctrl-C ends the wait and shows as `^C`. */
export const awaitStatus = async (
	context: InstanceContext,
	statuses: AsyncIterable<Status>,
	until: (status: Status) => boolean,
	limits: readonly Limit[] = [],
): Promise<Outcome> => {
	const {system} = context;
	const outcome = await waitFor({
		statuses,
		until,
		limits,
		beat: () => say(context, '. '),
		clock: system.clock,
		onInterrupt: system.onInterrupt,
	});
	if (outcome.outcome === 'interrupted') say(context, '^C\n');
	return outcome;
};
