import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import type {CommandHelp, Commands, PlainCommand} from '../command.js';
import {renderBashCompletion} from '../completion-bash.js';
import {renderZshCompletion} from '../completion-zsh.js';
import {exitCode} from '../exit-codes.js';

export const completion: PlainCommand = {
	name: 'completion',
	summary: 'print a script that completes command lines in bash or zsh',
	usage: 'bash | zsh',
	exitCodes: ['ok', 'usage'],
	notes: [
		'bash: put "source <(zeoctl completion bash)" into ~/.bashrc.',
		'zsh: write the script as _zeoctl into a folder of $fpath.',
		'Needs no configuration.',
	],
	json: 'never',
	scope: 'none',
	async run({action, system, commands}) {
		const [shell = ''] = action.argumentWords;
		const render = {bash: renderBashCompletion, zsh: renderZshCompletion}[shell];
		if (!render)
			throw new ZeoctlError('USAGE', `cannot complete for ${quote(shell)}: only bash and zsh`);
		system.stdout.write(render(await listActions(commands)));
		return exitCode('ok');
	},
};

/** Every action with its help; an alias has that of its command. */
const listActions = async ({names, find}: Commands): Promise<readonly CommandHelp[]> => {
	const found = await Promise.all(
		names().map(async name => {
			const command = await find(name);
			return command === undefined ? [] : [{...command, name}];
		}),
	);
	return found.flat();
};
