import {renderTextStatus} from '../../control/text-codec.js';
import {isZeoctlError} from '../../platform/errors.js';
import {argumentLine} from '../action.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {readServerFacts, type ServerFacts} from '../facts.js';
import type {Seen} from '../instance.js';
import {lookForProgram} from '../look-for-program.js';
import {findMore, nothingMore} from '../more-status.js';
import {answer, say} from '../output.js';
import {describe, exitCodeOf} from '../show-error.js';
import {type Failure, statusDocument} from '../status-document.js';
import {renderStatusForPeople} from '../status-for-people.js';
import {statusLine} from '../status-line.js';
import {parseStatusOptions, plainExitCode, strictExitCode} from '../status-options.js';

export const status: InstanceCommand = {
	name: 'status',
	summary: 'say whether the program runs',
	usage: '[-l] [--strict] [--json]',
	options: [
		['-l', 'also print the raw reply of the supervisor'],
		['--strict', 'exit as the LSB asks of init scripts: 0 only if the program runs'],
		['--json', 'one JSON document with all that is known'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'notRunning', 'unknown'],
	notes: [
		'Without --strict the exit status is 0 whenever a supervisor answers, as zdaemon has it, also while the program is down. With --strict it is 1 then.',
		'On a terminal it shows more than the one line that scripts get. For that and for --json the supervisor tries whether a program that writes its transcript itself still can, which takes up to two seconds on a disk that does not answer.',
	],
	scope: 'instance',
	async run(context) {
		const options = parseStatusOptions(argumentLine(context.action));
		if (!options) return refuseArgument(context);
		const reached = await look(context);
		if ('error' in reached) return reached.exitCode;
		const isBrief = isForScripts(context) && !options.strict;
		const found = isBrief ? reached : await lookForProgram(context, reached);
		await print(context, found);
		if (options.raw && found.contact === 'session')
			say(context, `${renderTextStatus(found.status)}\n`);
		return options.strict ? strictExitCode(found) : plainExitCode(found);
	},
};

const refuseArgument = (context: InstanceContext): number => {
	const message = 'status argument must be absent or -l';
	say(context, `${message}\n`);
	answer(context, {error: {code: 'USAGE', message, hint: 'zeoctl help status'}});
	return exitCode('failed');
};

/** In JSON a socket that cannot be used is an answer, too: the state is not known. */
const look = async (
	context: InstanceContext,
): Promise<Seen | {readonly error: Failure; readonly exitCode: number}> => {
	try {
		return await (isForScripts(context) ? context.instance.look() : context.instance.lookClosely());
	} catch (error) {
		if (!context.json || !isZeoctlError(error)) throw error;
		const failure = {error: describe(context.system, error), exitCode: exitCodeOf(error.code)};
		const facts = readServerFacts(context.system, context.settings);
		answer(context, statusDocument(failure, nothingMore, place(context, facts)));
		return failure;
	}
};

/** Scripts that want one line wait for nothing else. */
const isForScripts = ({json, system}: InstanceContext): boolean =>
	!json && !system.stdout.isTerminal;

const print = async (context: InstanceContext, found: Seen): Promise<void> => {
	const {system, json} = context;
	if (isForScripts(context)) return say(context, `${statusLine(found)}\n`);
	const facts = readServerFacts(system, context.settings);
	const more = await findMore(context, found, facts.storages);
	if (json) answer(context, statusDocument(found, more, place(context, facts)));
	else system.stdout.write(renderStatusForPeople(context, found, {facts, more}));
};

const place = ({settings, instance}: InstanceContext, facts: ServerFacts) => ({
	...facts,
	socket: instance.socketPath,
	configFile: settings.configFile ?? null,
});
