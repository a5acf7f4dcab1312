import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {isConfigurationError} from '../settings/configuration-error.js';
import type {Settings} from '../settings/settings.js';
import {type Action, parseAction, takeJson} from './action.js';
import {type CommandLine, parseArguments} from './arguments.js';
import type {Context, InstanceCommand} from './command.js';
import {loadConfigured} from './configured.js';
import {withInstance} from './enter-instance.js';
import {exitCode} from './exit-codes.js';
import {renderLikelyActions} from './likely-actions.js';
import {refuseWords} from './refuse-words.js';
import {registry} from './registry.js';
import {showError} from './show-error.js';
import type {System} from './system.js';

/** Runs one command line to its exit status. Never throws: this is where an error becomes text. */
export const main = async (system: System): Promise<number> => {
	let json = false;
	try {
		const commandLine = parseArguments(system.argv, system.surroundings);
		const typed = parseAction(commandLine.words);
		const named = await registry.find(actionName(commandLine, typed));
		const {action: given, json: asked} = takeJson(typed, named?.json ?? 'anywhere');
		const isForHelp = named !== undefined && asksForHelp(given);
		json = commandLine.json || (asked && !isForHelp);
		const command = isForHelp ? await registry.find('help') : named;
		const action = isForHelp ? {...given, argumentWords: [named.name]} : given;
		if (command !== undefined) refuseWords(command, action, system);
		const context = {system, commandLine, action, json, commands: registry};
		return command?.scope === 'none'
			? await command.run(context)
			: await runOnInstance(context, command);
	} catch (error) {
		return showError(system, error, json);
	}
};

/** `-h` with more behind it may be an option, as of `pack`. */
const asksForHelp = ({argumentWords}: Action): boolean =>
	argumentWords[0] === '--help' || (argumentWords[0] === '-h' && argumentWords.length === 1);

const actionName = ({asksFor, words}: CommandLine, {name, line}: Action): string => {
	if (asksFor !== undefined) return asksFor;
	// An empty action prints the status, as an empty line did in zdaemon's shell of old.
	return words.length > 0 && line === '' ? 'status' : name;
};

/** In zdaemon's order: a program must be known, the file readable, an action given and known. */
const runOnInstance = async (
	context: Context,
	command: InstanceCommand | undefined,
): Promise<number> => {
	const {commandLine, action} = context;
	const settings = await load(context, command);
	if (commandLine.words.length === 0)
		throw new ZeoctlError('USAGE', 'an action argument is required');
	if (!command) throw unknownAction(action);

	const unit = command.throughUnit && findForeignUnit(context.system, settings);
	const settled = {...context, settings, ...(unit !== undefined && {unit})};
	const done = unit === undefined ? undefined : await command.throughUnit?.(settled, unit);
	if (done !== undefined) return done;
	const code = await withInstance(settled, command, inside => command.run(inside));
	return action.line === '' ? exitCode('ok') : code;
};

/** What is wrong with a conf does not hide that its server still has a database. */
const load = async (
	context: Context,
	command: Pick<InstanceCommand, 'acceptsMissing'> | undefined,
): Promise<Settings> => {
	try {
		return loadConfigured(context, command);
	} catch (error) {
		if (!isConfigurationError(error)) throw error;
		const {adviseOnRefusal} = await import('./refused-conf.js');
		throw await adviseOnRefusal(context, error);
	}
};

/** The service that is installed for the conf, unless this very process runs for it: that need not ask systemd. */
const findForeignUnit = (system: System, {configFile}: Settings): string | undefined => {
	const unit = system.findOwnUnit(configFile);
	return unit !== undefined && system.unitOfProcess(system.pid) === unit ? undefined : unit;
};

const unknownAction = ({name, line}: Action): ZeoctlError => {
	const [first = ''] = line.split(' ');
	const word = name || first;
	// zdaemon's name of an action ends at a hyphen: "reopen-transcript" is "reopen" to it.
	const [names, said] = [registry.names(), `unknown action ${quote(word)}`];
	return new ZeoctlError(
		'USAGE',
		said + (renderLikelyActions(first, names) || renderLikelyActions(word, names)),
	);
};
