import {ZeoctlError} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import type {Nobody, Seen} from './instance.js';

/** Where nobody answers and nothing is recorded, the locks tell of a program, or of somebody in its place. */
export const lookForProgram = async <Found extends Seen>(
	context: InstanceContext,
	found: Found,
): Promise<Found | Nobody> => {
	if (found.contact === 'session' || found.program !== undefined) return found;
	const {findRemains} = await import('./find-remains.js');
	return {contact: found.contact, ...(await findRemains(context))};
};

/** Somebody who is not known to be the program has its lock: nothing is done to him, and that is no success. */
export const refuseStranger = (attempt: string, reached: Seen): void => {
	if (reached.contact === 'session' || reached.stranger === undefined) return;
	const {reason, hint} = reached.stranger;
	throw new ZeoctlError('NOT_RUNNING', `${attempt}: no supervisor answers, and ${reason}`, {hint});
};
