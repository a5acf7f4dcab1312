import type {Status} from '../control/messages.js';
import type {Session} from '../control/session.js';
import type {ZeoctlError} from '../platform/errors.js';
import {askFor} from './ask.js';
import {awaitStatus} from './await-status.js';
import type {InstanceContext} from './command.js';
import {exitCode} from './exit-codes.js';
import {explainLateStart, reportFailedStart, tellFirstFailure} from './failed-start.js';
import {followLaunch} from './follow-launch.js';
import type {Reached} from './instance.js';
import {endInterrupted} from './interrupted.js';
import {flagsOf, launchOrder} from './launch-order.js';
import {answer, say} from './output.js';
import type {Failure} from './status-document.js';
import {needsRights} from './unit-rights.js';
import type {Limit, Outcome} from './waiting.js';

/** Starts a program that is down: through its supervisor if there is one, else by starting a supervisor. */
export const startProgram = async (context: InstanceContext, reached: Reached): Promise<number> => {
	if (reached.contact === 'session') {
		await askFor(reached.session, 'start');
		return concludeStart(context, await awaitStart(context, reached.session.statuses()), 'started');
	}
	if (context.unit !== undefined) throw needsRights('start', context.unit);
	if (!context.settings.runner.daemon) return superviseHere(context);

	const launch = followLaunch(context, context.system.launch(supervisorStart(context)));
	const outcome = await awaitStart(context, launch.statuses);
	if (outcome.outcome === 'met' && outcome.last.adopted)
		return alreadyRunning(context, outcome.last, '\n');
	const refusal = launch.refusal();
	if (refusal?.code === 'ALREADY_SUPERVISED') {
		const other = await context.instance.reach();
		return other.contact === 'session'
			? joinStart(context, other.session)
			: reportFailedStart(context, undefined);
	}
	return concludeStart(context, outcome, 'started', refusal);
};

/** Nothing had to be started. */
export const alreadyRunning = (
	context: InstanceContext,
	{pid, manager, state}: Status,
	before = '',
): number => {
	say(context, `${before}daemon process already running; pid=${pid ?? 0}\n`);
	answer(context, {action: 'start', outcome: 'already-running', pid, manager, state});
	return exitCode('ok');
};

/** With `daemon off` this very process is the supervisor, until the program ends. */
const superviseHere = async (context: InstanceContext): Promise<number> => {
	const {superviseInstance} = await import('./commands/supervise.js');
	const code = await superviseInstance(context, 'attached');
	return code === exitCode('refused') ? exitCode('failed') : code;
};

/** Somebody else has begun a start: it is ours, too. */
export const joinStart = async (
	context: InstanceContext,
	session: Pick<Session, 'statuses'>,
): Promise<number> =>
	concludeStart(context, await awaitStart(context, session.statuses()), 'started');

export const supervisorStart = ({
	system,
	settings,
	commandLine,
	action,
	instance,
}: InstanceContext) => ({
	order: launchOrder({system, settings, commandLine, action, instance}),
	flags: flagsOf(commandLine),
	environment: instance.plainEnvironment,
});

const awaitStart = (context: InstanceContext, statuses: AsyncIterable<Status>): Promise<Outcome> =>
	awaitStatus(context, tellFirstFailure(context, statuses), isStarted, [startLimit(context)]);

/** Whether the program has started, in the sense of the supervisor that watches it. */
export const isStarted = ({state, pid, testing}: Status): boolean =>
	pid !== null && state === 'running' && !testing;

/** zdaemon fails a start when *more* than `start-timeout` seconds have passed. */
export const startLimit = (
	{settings}: InstanceContext,
	from?: (status: Status) => boolean,
): Limit => ({ms: (settings.runner.startTimeout + 1) * 1000, ...(from && {from})});

/** Says how a start or a restart ended; the exit status that belongs to it. */
export const concludeStart = async (
	context: InstanceContext,
	{outcome, last}: Outcome,
	verb: 'started' | 'restarted',
	refusal?: ZeoctlError,
): Promise<number> => {
	if (outcome === 'left') return reportFailedStart(context, last, refusal);
	const code = sayEnd(context, outcome, `\ndaemon process ${verb}, pid=${last?.pid ?? 0}\n`);
	const tooLong = outcome === 'too-long';
	if (tooLong) await explainLateStart(context, last);
	answer(context, {
		action: context.action.name,
		outcome: outcome === 'met' ? verb : outcome,
		pid: last?.pid ?? null,
		manager: last?.manager ?? null,
		state: last?.state ?? null,
		...(tooLong && {error: startTimeout(context)}),
	});
	return code;
};

const sayEnd = (
	context: InstanceContext,
	outcome: Exclude<Outcome['outcome'], 'left'>,
	done: string,
): number => {
	if (outcome === 'interrupted') return endInterrupted(context, done);
	const tooLong = outcome === 'too-long';
	say(context, tooLong ? '\nProgram took too long to start\n' : done);
	return exitCode(tooLong ? 'failed' : 'ok');
};

const startTimeout = ({settings}: InstanceContext): Failure => ({
	code: 'START_TIMEOUT',
	message: `cannot start the program: it is not ready after ${settings.runner.startTimeout} s`,
	hint: null,
});
