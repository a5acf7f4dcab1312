import type {Status} from '../control/messages.js';
import {awaitStatus} from './await-status.js';
import type {InstanceContext} from './command.js';
import type {Limit, Outcome} from './waiting.js';

/** A supervisor with nothing left to stop leaves at once; one that does not is no reason to wait for ever. */
const leaveMs = 5000;

/** How long a stop may take beyond the SIGKILL that ends it. */
const killMarginMs = 30_000;

/** The bound where the configuration says that the program is never killed. */
const unboundedStopMs = 300_000;

/** Waits until a supervisor that was asked to stop has left, or somebody has asked it for the contrary. */
export const awaitLeave = (
	context: InstanceContext,
	statuses: AsyncIterable<Status>,
): Promise<Outcome> => awaitStatus(context, statuses, isWantedUp, stopLimits(context));

/** Also while children outlive the program: its pid is gone then, the stop is not over. */
export const isStopping = ({state}: Status): boolean => state === 'stopping' || state === 'killing';

const isWantedUp = ({wanted}: Status): boolean => wanted === 'up';

/** A pack is waited for before anything is signalled: a status with a reason tells so. */
export const isSignalled = (status: Status): boolean =>
	isStopping(status) && status.reason === null;

const stopLimits = ({settings}: InstanceContext): readonly Limit[] => {
	const {stopTimeout} = settings.runner;
	const stopMs = stopTimeout > 0 ? stopTimeout * 1000 + killMarginMs : unboundedStopMs;
	return [
		{ms: settings.stopPackWait * 1000 + stopMs},
		{ms: stopMs, from: isSignalled},
		{ms: leaveMs, from: status => status.pid === null && !isStopping(status)},
	];
};
