import {systemClock, systemTimers} from '../platform/clock.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {EventLog} from './event-log.js';
import type {Invocation} from './invocation.js';
import {hasWaitingMail, runMailChild, watchMail} from './mail-child.js';

/** Reports and mail are the work of short-lived children; nothing of it is in this process. */
export const watchReports = ({
	invocation,
	supervisor,
	stateDirectory,
	log,
}: {
	readonly invocation: Invocation;
	readonly supervisor: Supervisor;
	readonly stateDirectory: string;
	readonly log: EventLog;
}): {close(): void} =>
	watchMail({
		watch: listener => supervisor.watch(listener),
		after: systemTimers.after,
		monotonicMs: systemClock.monotonicMs,
		hasWaiting: () => hasWaitingMail(stateDirectory),
		run: () => runMailChild(invocation, text => log.warning(text)),
	});
