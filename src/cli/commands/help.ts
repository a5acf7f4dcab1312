import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import type {Command, Commands, Context, PlainCommand} from '../command.js';
import {exitCode, exitCodes} from '../exit-codes.js';
import {flags} from '../flags.js';
import {renderActions, renderCommandHelp, renderUsage} from '../help-text.js';
import {renderLikelyActions} from '../likely-actions.js';
import {answer, say} from '../output.js';

export const help: PlainCommand = {
	name: 'help',
	summary: 'list the actions, or explain one',
	usage: '[ACTION] [--json]',
	exitCodes: ['ok', 'usage'],
	notes: ['Needs no configuration.'],
	scope: 'none',
	async run(context) {
		const [topic] = context.action.argumentWords;
		if (context.commandLine.asksFor === undefined && topic !== undefined)
			return explain(context, topic);
		const commands = await all(context.commands);
		const render = context.commandLine.asksFor === 'help' ? renderUsage : renderActions;
		say(context, render(commands));
		answer(context, {commands: commands.map(describe), flags, exitCodes});
		return exitCode('ok');
	},
};

const explain = async (context: Context, topic: string): Promise<number> => {
	const command = await context.commands.find(topic);
	if (!command) {
		throw new ZeoctlError(
			'USAGE',
			`no help on ${quote(topic)}${renderLikelyActions(topic, context.commands.names())}`,
		);
	}
	say(context, renderCommandHelp(command));
	answer(context, describe(command));
	return exitCode('ok');
};

const all = async ({names, find}: Commands): Promise<readonly Command[]> => {
	const commands = await Promise.all(names().map(find));
	return [...new Set(commands)].filter(command => command !== undefined);
};

const describe = ({name, aliases, summary, usage, options, exitCodes: codes, notes}: Command) => ({
	name,
	aliases: aliases ?? [],
	summary,
	usage,
	options: (options ?? []).map(([option, text]) => ({option, text})),
	exitCodes: codes.map(code => exitCodes[code].code),
	notes: notes ?? [],
});
