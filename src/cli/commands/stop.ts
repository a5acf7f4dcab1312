import type {Status} from '../../control/messages.js';
import {againIfGone} from '../again-if-gone.js';
import {askFor} from '../ask.js';
import {awaitLeave, isStopping} from '../await-leave.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {endInterrupted} from '../interrupted.js';
import {refuseStranger} from '../look-for-program.js';
import {answer, say} from '../output.js';
import {tellPackWait} from '../pack-wait.js';
import {reachProgram} from '../reach-program.js';
import {giveUpWord, refuseLoss} from '../refuse-loss.js';
import type {Outcome} from '../waiting.js';

export const stop: InstanceCommand = {
	name: 'stop',
	summary: 'stop the program and its supervisor',
	usage: `[${giveUpWord}] [--json]`,
	options: [
		[giveUpWord, 'also where a deleted database, which only the program still has, is lost by it'],
		['--json', 'one JSON document'],
	],
	otherWords: 'ignored',
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'interrupted'],
	notes: [
		'The program and its children get SIGTERM (and SIGCONT, lest a stopped one sleep through it), after stop-timeout seconds SIGKILL. The command returns when they and the supervisor are gone, and all output is in its files.',
		'A pack that is under way is waited for, up to stop-pack-wait; kill TERM breaks it off.',
		'A program that has outlived its supervisor is stopped, too. If another process has its lock, that is named, and left alone.',
		'If it does not run, nothing is done, and that is a success.',
		`A program whose database has been deleted is not stopped before you say ${giveUpWord}: see rescue.`,
	],
	scope: 'instance',
	throughUnit: async (context, unit) =>
		(await import('../stop-unit.js')).stopComingStart(context, unit),
	run: context => againIfGone(() => stopProgram(context)),
};

const stopProgram = async (context: InstanceContext): Promise<number> => {
	const reached = await reachProgram(context);
	refuseStranger('cannot stop the program', reached);
	if (reached.contact !== 'session') return concludeStop(context, 'daemon manager not running');
	const {status, session} = reached;
	if (status.pid === null && status.wanted === 'down')
		return concludeStop(context, 'daemon process not running');

	if (!context.action.argumentWords.includes(giveUpWord)) await refuseLoss(context, reached);
	await askFor(session, 'stop');
	const outcome = await awaitLeave(context, tellPackWait(context, session.statuses()));
	const {last} = outcome;
	if (outcome.outcome === 'interrupted') {
		const code = endInterrupted(context, '\ndaemon process stopped\n');
		const pid = last?.pid ?? null;
		answer(context, {action: 'stop', outcome: 'interrupted', pid, reason: null});
		return code;
	}
	const trouble = last && stillUp(outcome, last);
	if (!trouble) return concludeStop(context, '\ndaemon process stopped');
	say(context, '\n');
	if (!context.json) context.system.stderr.write(`Error: ${trouble}\n`);
	answer(context, {action: 'stop', outcome: 'failed', pid: last.pid, reason: trouble});
	return exitCode('failed');
};

const concludeStop = (context: InstanceContext, line: string): number => {
	const wasUp = line.startsWith('\n');
	say(context, `${line}\n`);
	answer(context, {
		action: 'stop',
		outcome: wasUp ? 'stopped' : 'not-running',
		pid: null,
		reason: null,
	});
	return exitCode('ok');
};

/** Why the program is up although it was asked to stop; undefined if it is not, or nobody waited to see. */
const stillUp = ({outcome}: Outcome, status: Status): string | undefined => {
	const {pid} = status;
	if (outcome === 'met')
		return `cannot stop the program: somebody else has started it again${pid === null ? '' : ` (pid ${pid})`}`;
	if (outcome === 'too-long' && pid !== null)
		return `cannot stop the program: pid ${pid} still runs; to end it at once: kill KILL`;
	if (outcome === 'too-long' && isStopping(status))
		return 'cannot stop the program: its children still run; to see them: ps -eH -o pid,pgid,args';
	return undefined;
};
