import path from 'node:path';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {realFile} from '../../platform/real-file.js';
import {serverPlace} from '../../settings/server-place.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {insistOnReopening} from '../insist-on-reopening.js';
import {answer} from '../output.js';
import {reopenFiles} from '../reopen.js';
import {type SignalOutcome, sendSignal} from '../send-signal.js';
import {findStaleLogs} from '../stale-logs.js';
import type {System} from '../system.js';

export const logreopen: InstanceCommand = {
	name: 'logreopen',
	summary: 'reopen the logs of the supervisor and of the program',
	usage: '[--json]',
	otherWords: 'ignored',
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'The program gets SIGUSR2: a ZEO server reopens its log files, a program that does not expect it ends.',
		'A server that still writes to logs that were renamed is asked again, for ten seconds.',
		'If nothing runs there is nothing to reopen, and that is a success.',
	],
	scope: 'instance',
	async run(context) {
		const reached = await context.instance.reach();
		const transcript = await reopenFiles(context, reached);
		const sent = sendSignal(context, reached, {name: 'SIGUSR2', number: 12});
		const program = await confirmReopening(context, sent);
		answer(context, {action: 'logreopen', transcript, program});
		const failed = transcript.outcome === 'failed' || program.outcome === 'failed';
		return exitCode(failed ? 'failed' : 'ok');
	},
};

/** Whether the program has left the logs that it had; of one that is no server nothing is known. */
const confirmReopening = async (
	{system, settings, json}: InstanceContext,
	sent: SignalOutcome,
): Promise<SignalOutcome> => {
	const {outcome, pid} = sent;
	const server = system.findProgramServer(settings);
	if (outcome !== 'sent' || pid === null || server === undefined || server === 'unreadable')
		return sent;
	const {directory} = serverPlace(settings, system.cwd);
	const logs = (server.logFiles ?? []).map(log => realFile(path.resolve(directory, log)));
	const stale = await insistOnReopening({
		findStale: () => findStaleLogs(pid, logs),
		ask: () => askAgain(system, pid),
		after: system.clock.after,
	});
	if (stale.length === 0) return sent;
	const reason = `the program still writes to ${stale.map(file => quote(file)).join(', ')}`;
	if (!json) system.stderr.write(`Error: cannot reopen the log: ${reason}\n`);
	return {outcome: 'failed', pid, reason};
};

const askAgain = ({kill}: System, pid: number): void => {
	try {
		kill(pid, 12);
	} catch {
		// It has ended: then it has left them, too.
	}
};
