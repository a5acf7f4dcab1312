import {againIfGone} from '../again-if-gone.js';
import {askFor} from '../ask.js';
import {awaitStatus} from '../await-status.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {tellFirstFailure} from '../failed-start.js';
import {tellPackWait} from '../pack-wait.js';
import {reachProgram} from '../reach-program.js';
import {refuseLoss} from '../refuse-loss.js';
import {commandFor} from '../render-changes.js';
import {concludeStart, isStarted, startLimit, startProgram} from '../start-program.js';

export const restart: InstanceCommand = {
	name: 'restart',
	summary: 'stop the program and start it again',
	usage: '[--json] [ARGUMENT ...]',
	options: [
		['--json', 'one JSON document; only directly after the action'],
		['ARGUMENT ...', 'appended to the program, if no supervisor runs yet'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'interrupted'],
	notes: [
		'The supervisor stays. If nothing runs, it is a start.',
		'A program whose database has been deleted is not restarted: see rescue.',
		'Nor is what could not come back: a program that has gone, or a server whose conf has been broken since it was loaded.',
		'A pack that is under way is waited for, up to stop-pack-wait; kill TERM breaks it off.',
	],
	scope: 'instance',
	json: 'first',
	makesFolders: true,
	throughUnit: async (context, unit) =>
		(await import('../start-unit.js')).restartService(context, unit),
	run: context => againIfGone(() => restartProgram(context)),
};

const restartProgram = async (context: InstanceContext): Promise<number> => {
	const reached = await reachProgram(context);
	if (reached.contact !== 'session' || reached.status.pid === null)
		return startProgram(context, reached);
	const {session} = reached;
	const {pid: before} = reached.status;
	await refuseLoss(context, reached);
	await askFor(session, 'restart', () => commandFor(context, 'check'));
	const outcome = await awaitStatus(
		context,
		tellFirstFailure(context, tellPackWait(context, session.statuses())),
		status => status.pid !== before && isStarted(status),
		[startLimit(context, status => status.pid !== before)],
	);
	return concludeStart(context, outcome, 'restarted');
};
