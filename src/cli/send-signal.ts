import {errorMessage, systemErrorCode} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import type {Reached} from './instance.js';
import {say} from './output.js';
import type {Signal} from './signals.js';

export type SignalOutcome = {
	readonly outcome: 'sent' | 'not-running' | 'failed';
	readonly pid: number | null;
	readonly reason: string | null;
};

/** Sends a signal to the program from this very process, as zdaemon does, and says so. */
export const sendSignal = (
	context: InstanceContext,
	reached: Reached,
	{name, number}: Signal,
): SignalOutcome => {
	const pid = reached.contact === 'session' ? reached.status.pid : (reached.program?.pid ?? null);
	if (pid === null) {
		say(context, 'daemon process not running\n');
		return {outcome: 'not-running', pid, reason: null};
	}
	say(context, `kill(${pid}, ${number})\n`);
	try {
		context.system.kill(pid, number);
	} catch (error) {
		const reason = describeKillError(error);
		say(context, `Error: ${reason}\n`);
		return {outcome: 'failed', pid, reason};
	}
	say(context, `signal ${name} sent to process ${pid}\n`);
	return {outcome: 'sent', pid, reason: null};
};

/** As Python prints it, since zdaemon did. */
const describeKillError = (error: unknown): string => {
	switch (systemErrorCode(error)) {
		case 'EPERM':
			return '[Errno 1] Operation not permitted';
		case 'ESRCH':
			return '[Errno 3] No such process';
		default:
			return errorMessage(error);
	}
};
