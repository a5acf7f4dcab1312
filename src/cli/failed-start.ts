import type {Status} from '../control/messages.js';
import type {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import {advised} from './advised.js';
import type {InstanceContext} from './command.js';
import {exitCode} from './exit-codes.js';
import {instanceCommand} from './instance-command.js';
import {answer, say} from './output.js';
import {describe, exitCodeOf, renderError} from './show-error.js';
import type {Failure} from './status-document.js';

/**
 * Says that a start failed because its supervisor left or refused: zdaemon's line on stdout, and before it, on
 * stderr, the reason.
 */
export const reportFailedStart = async (
	context: InstanceContext,
	last: Status | undefined,
	reported?: ZeoctlError,
): Promise<number> => {
	const refusal = reported && (await advised(context, reported));
	const explanation = refusal
		? []
		: (explainOrphan(context, last) ?? (await explain(context, last)));
	say(context, '\n');
	if (refusal) complain(context, renderError(context.system, describe(context.system, refusal)));
	else complain(context, explanation.map(line => `${line}\n`).join(''));
	say(context, 'daemon manager not running\n');
	answer(context, {
		action: context.action.name,
		outcome: 'failed',
		pid: null,
		manager: null,
		state: 'not-running',
		error: refusal ? describe(context.system, refusal) : startFailed(explanation),
		reason: last?.reason ?? null,
		lastExit: last?.lastExit ?? null,
		lastOutput: last?.lastOutput ?? [],
		explanation,
	});
	return refusal ? exitCodeOf(refusal.code) : exitCode('failed');
};

/** The statuses of a start; a person who waits hears why its first try has failed, once. */
export async function* tellFirstFailure(
	context: InstanceContext,
	statuses: AsyncIterable<Status>,
): AsyncGenerator<Status> {
	let isTold = !context.system.stderr.isTerminal;
	for await (const status of statuses) {
		if (!isTold && status.state === 'backoff' && status.lastExit?.expected === false) {
			isTold = true;
			const [cause] = await explainEnd(context, status);
			complain(context, `\nthe last try has failed: ${cause}; it is tried again\n`);
		}
		yield status;
	}
}

/** Tells a person why a program that lives does not get ready; scripts get zdaemon's line alone. */
export const explainLateStart = async (
	context: InstanceContext,
	last: Status | undefined,
): Promise<void> => {
	if (!context.system.stderr.isTerminal || context.json) return;
	const lines = await explain(context, last);
	complain(context, lines.map(line => `${line}\n`).join(''));
};

/** The explanation as an error: its first line is the cause, its last one may be the next command. */
const startFailed = (explanation: readonly string[]): Failure => ({
	code: 'START_FAILED',
	message: explanation[0]?.replace(/^Error: /, '') ?? 'cannot start the program: it was stopped',
	hint: explanation.at(-1)?.match(/^next: (.*)$/)?.[1] ?? null,
});

const complain = ({system, json}: InstanceContext, text: string): void => {
	if (!json) system.stderr.write(text);
};

const explain = async (
	context: InstanceContext,
	last: Status | undefined,
): Promise<readonly string[]> => {
	// Somebody else's stop is no failure that needs an explanation.
	if (last?.wanted === 'down') return [];
	if (last?.reason?.startsWith('cannot start the program: '))
		return [`Error: ${renderForTerminal(last.reason)}`];
	if (last === undefined || (last.lastExit === null && last.pid === null))
		return [`Error: ${renderForTerminal(last?.reason ?? silentDeath)}`];
	const [cause = '', ...details] = await explainEnd(context, last);
	return [`Error: cannot start the program: ${cause}`, ...details];
};

const explainEnd = (
	context: InstanceContext,
	{pid, lastExit, lastOutput}: Status,
): Promise<readonly string[]> => {
	const {system, settings} = context;
	const server = system.findProgramServer(settings);
	return system.explainFailure({
		settings,
		command: instanceCommand(context),
		server: server === 'unreadable' ? undefined : server,
		lastExit: pid === null ? lastExit : null,
		lastOutput,
	});
};

/** Whoever leaves in order has ended its program before: this supervisor was killed, and the program may live. */
const explainOrphan = (
	context: InstanceContext,
	last: Status | undefined,
): readonly string[] | undefined =>
	last === undefined || last.pid === null || last.wanted === 'down'
		? undefined
		: [
				`Error: ${silentDeath}; the program${last.pid === 0 ? '' : ` (pid ${last.pid})`} may still run`,
				`next: ${renderShellCommand([...instanceCommand(context), 'start'])}`,
			];

const silentDeath = 'cannot start the program: the supervisor ended without a word';
