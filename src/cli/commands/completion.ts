import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import type {Commands, PlainCommand} from '../command.js';
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

/** Every action with its summary; an alias has the one of its command. */
const listActions = ({names, find}: Commands) =>
	Promise.all(names().map(async name => ({name, summary: (await find(name))?.summary ?? ''})));
