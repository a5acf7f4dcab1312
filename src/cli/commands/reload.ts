import type {Status} from '../../control/messages.js';
import {runDirectoryOf} from '../../control/snapshot.js';
import {ZeoctlError} from '../../platform/errors.js';
import type {Change} from '../../settings/compare.js';
import {readLoadedOrder} from '../../supervisor/loaded-order.js';
import {awaitStatus} from '../await-status.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import type {Reached} from '../instance.js';
import {lookForProgram, refuseStranger} from '../look-for-program.js';
import {answer, say} from '../output.js';
import {checkBeforeReload, findChanges} from '../reload-changes.js';
import {commandFor, renderChanges} from '../render-changes.js';

/** How long a reload may take: both of its limits in the supervisor, and the start of a process. */
const limitMs = 180_000;

export const reload: InstanceCommand = {
	name: 'reload',
	summary: 'let a new supervisor take over, which reads the conf anew',
	usage: '[--json]',
	otherWords: 'refused',
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'The configuration is checked first: with a mistake in it nothing happens. Then what has changed is listed, with the command that makes it take effect.',
		'A new supervisor, of the zeoctl that is installed now, takes over the running program, the control socket and the counts; the old one leaves. If that fails, the old one goes on.',
		'The flags and the environment of the start stay in force. The exit status of a program that was taken over cannot be observed.',
		'A supervisor in the foreground (supervise, daemon off) cannot be replaced, unless it is a service that notifies systemd.',
	],
	scope: 'instance',
	async run(context) {
		const reached = await lookForProgram(context, await context.instance.reach());
		refuseStranger('cannot reload', reached);
		const {status, session} = expectSupervisor(context, reached);
		checkBeforeReload(context);
		const loaded = readLoadedOrder(runDirectoryOf(context.instance.socketPath), status);
		const changes = loaded && findChanges(context, loaded);
		say(context, renderChanges(context, changes));
		const reply = await session.ask({request: 'reload'});
		if (reply.reply === 'refused') throw failure(reply.reason, nextOf(context));
		const {outcome, last} = await awaitStatus(
			context,
			session.statuses(),
			now => hasFailed(now) || (now.manager !== status.manager && now.pid !== null),
			[{ms: limitMs}],
		);
		if (outcome === 'left') throw failure('the supervisor has left', nextOf(context));
		if (outcome === 'interrupted' || outcome === 'too-long' || last === undefined)
			throw failure('it is not known yet how it ends', `${commandFor(context, 'status')}`);
		if (last.manager === status.manager) throw failure(last.handover?.reason ?? 'unknown');
		return conclude(context, status, last, changes);
	},
};

const hasFailed = ({handover}: Status): boolean => handover?.state === 'failed';

const failure = (reason: string, hint?: string): ZeoctlError =>
	new ZeoctlError('RELOAD_FAILED', `cannot reload: ${reason}`, hint === undefined ? {} : {hint});

const nextOf = (context: InstanceContext): string => commandFor(context, 'status');

const expectSupervisor = (
	context: InstanceContext,
	reached: Reached,
): Extract<Reached, {contact: 'session'}> => {
	if (reached.contact !== 'session') {
		const why = reached.program
			? `no supervisor is running, its program${reached.program.pid === 0 ? '' : ` (pid ${reached.program.pid})`} is; a start takes it over with the present configuration`
			: 'nothing is running';
		throw new ZeoctlError('NOT_RUNNING', `cannot reload: ${why}`, {
			hint: commandFor(context, 'start'),
		});
	}
	if (reached.protocol === 'text') {
		throw new ZeoctlError(
			'RELOAD_FAILED',
			'cannot reload: the manager is that of zdaemon, which cannot give its program away',
			{hint: `${commandFor(context, 'stop')}, then ${commandFor(context, 'start')}`},
		);
	}
	return reached;
};

const conclude = (
	context: InstanceContext,
	before: Status,
	after: Status,
	changes: readonly Change[] | undefined,
): number => {
	const {version} = after;
	const versions = before.version === version ? '' : `, version ${before.version} -> ${version}`;
	say(
		context,
		`\nsupervisor ${before.manager} has handed over to ${after.manager}${versions}; program running; pid=${after.pid}\n`,
	);
	answer(context, {
		action: 'reload',
		outcome: 'reloaded',
		pid: after.pid,
		manager: after.manager,
		version,
		before: {pid: before.pid, manager: before.manager, version: before.version},
		changes: changes ?? null,
	});
	return exitCode('ok');
};
