import type {Reply} from '../control/messages.js';
import {errorMessage, systemErrorCode} from '../platform/errors.js';

/** Sends a signal to the program, by number; a failure is a reply. */
export const signalProgram = (pid: number | null, signal: number): Reply => {
	if (pid === null) return {reply: 'not-running'};
	try {
		process.kill(pid, signal);
		return {reply: 'signalled', signal};
	} catch (error) {
		return {reply: 'kill-failed', signal, reason: describeKillError(error)};
	}
};

/** In Python's words, which old clients show as they are. */
const describeKillError = (error: unknown): string => {
	const reasons: Record<string, string> = {
		EINVAL: '[Errno 22] Invalid argument',
		EPERM: '[Errno 1] Operation not permitted',
		ESRCH: '[Errno 3] No such process',
	};
	return reasons[systemErrorCode(error) ?? ''] ?? errorMessage(error);
};
