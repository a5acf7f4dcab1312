import type {Status} from '../control/messages.js';
import {awaitLeave, isSignalled, isStopping} from './await-leave.js';
import type {InstanceContext} from './command.js';
import type {Reached} from './instance.js';
import {alreadyRunning, joinStart, startProgram} from './start-program.js';

/** Starts what does not run, or is about to end; `launch` is what brings up a supervisor where there is none. */
export const startOrJoin = async (
	context: InstanceContext,
	launch = startProgram,
	reach: () => Promise<Reached> = context.instance.reach,
): Promise<number> => {
	const reached = await reach();
	if (reached.contact === 'session' || !context.settings.runner.daemon)
		await context.system.launchNone();
	if (reached.contact !== 'session') return launch(context, reached);
	const {status, session} = reached;
	if (status.pid === null || isTakenBack(status)) return startProgram(context, reached);
	if (status.wanted === 'down') {
		await awaitLeave(context, session.statuses());
		return launch(context, await reach());
	}
	// With a test program it runs already, as zdaemon sees it (recorded scenario 29).
	return status.state === 'starting' && !status.testing
		? joinStart(context, session)
		: alreadyRunning(context, status);
};

/** A stop that still waits for a pack has done nothing yet: the program just goes on. */
const isTakenBack = (status: Status): boolean =>
	status.wanted === 'down' && isStopping(status) && !isSignalled(status);
