import type {Status} from '../../control/messages.js';
import {awaitStatus} from '../await-status.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import type {Reached} from '../instance.js';
import {interruptedCode} from '../interrupted.js';
import {answer, say} from '../output.js';
import {reachProgram} from '../reach-program.js';
import {statusLine} from '../status-line.js';

/** How long a supervisor may take to decide what follows the end of its program. */
const decisionMs = 1000;

export const wait: InstanceCommand = {
	name: 'wait',
	summary: 'wait until the program ends',
	usage: '[--json]',
	otherWords: 'ignored',
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'interrupted'],
	notes: [
		'Then prints the status: the supervisor may be about to start the program again.',
		'A program that has outlived its supervisor gets one first.',
	],
	scope: 'instance',
	async run(context) {
		const reached = await reachProgram(context);
		const {after, isInterrupted} =
			reached.contact === 'session' && reached.status.pid !== null
				? await awaitEnd(context, reached)
				: {after: reached, isInterrupted: false};
		// A person is not told that the program has stopped when nobody knows; scripts know zdaemon's two lines.
		const isKnown = !(isInterrupted && context.system.stdout.isTerminal);
		say(context, `\n${isKnown ? 'daemon process stopped\n' : ''}${statusLine(after)}\n`);
		const status = after.contact === 'session' ? after.status : undefined;
		answer(context, {
			action: 'wait',
			outcome: isInterrupted ? 'interrupted' : 'stopped',
			state: status?.state ?? 'not-running',
			pid: status?.pid ?? null,
			lastExit: status?.lastExit ?? null,
		});
		return isInterrupted ? interruptedCode(context) : exitCode('ok');
	},
};

/** Waits until this life of the program is over and its supervisor has left or decided to go on. */
const awaitEnd = async (
	context: InstanceContext,
	reached: Extract<Reached, {contact: 'session'}>,
): Promise<{readonly after: Reached; readonly isInterrupted: boolean}> => {
	const {pid} = reached.status;
	const hasEnded = (status: Status): boolean => status.pid !== pid;
	const {outcome, last} = await awaitStatus(
		context,
		reached.session.statuses(),
		status => hasEnded(status) && (status.pid !== null || status.state === 'backoff'),
		[{ms: decisionMs, from: hasEnded}],
	);
	return {
		after: outcome === 'left' ? {contact: 'absent'} : {...reached, status: last ?? reached.status},
		isInterrupted: outcome === 'interrupted',
	};
};
