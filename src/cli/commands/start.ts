import type {Status} from '../../control/messages.js';
import {againIfGone} from '../again-if-gone.js';
import {awaitLeave, isSignalled, isStopping} from '../await-leave.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {alreadyRunning, joinStart, startProgram} from '../start-program.js';

export const start: InstanceCommand = {
	name: 'start',
	summary: 'start the program and wait until it is up',
	usage: '[--json] [ARGUMENT ...]',
	options: [
		['--json', 'one JSON document; only directly after the action'],
		['ARGUMENT ...', 'words that are appended to the configured program'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Up means: a server answers on its address, a start test program has succeeded, and any other program lives. A program that ends and is tried again is waited for, up to start-timeout.',
		'A start that is under way is waited for, too, unless it has a start test program.',
		'A stop that still waits for a pack is taken back.',
		'If it already runs, nothing is done. With "daemon off" the supervisor stays in the foreground.',
	],
	scope: 'instance',
	json: 'first',
	makesFolders: true,
	run: context => againIfGone(() => startOrJoin(context)),
};

const startOrJoin = async (context: InstanceContext): Promise<number> => {
	const reached = await context.instance.reach();
	if (reached.contact === 'session' || !context.settings.runner.daemon)
		await context.system.launchNone();
	if (reached.contact !== 'session') return startProgram(context, reached);
	const {status, session} = reached;
	if (status.pid === null || isTakenBack(status)) return startProgram(context, reached);
	if (status.wanted === 'down') {
		await awaitLeave(context, session.statuses());
		return startProgram(context, await context.instance.reach());
	}
	// With a test program it runs already, as zdaemon sees it (recorded scenario 29).
	return status.state === 'starting' && !status.testing
		? joinStart(context, session)
		: alreadyRunning(context, status);
};

/** A stop that still waits for a pack has done nothing yet: the program just goes on. */
const isTakenBack = (status: Status): boolean =>
	status.wanted === 'down' && isStopping(status) && !isSignalled(status);
