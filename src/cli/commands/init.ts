import {renderForTerminal} from '../../platform/terminal-text.js';
import type {PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answerOptions, parseInitOptions} from '../init-options.js';
import {makeInstance} from '../make-instance.js';
import {nextCommands} from '../next-commands.js';
import {answer, say} from '../output.js';

export const init: PlainCommand = {
	name: 'init',
	summary: 'make a new instance: its confs, commands and folders',
	usage: '[DIR] [--yes] [--answers FILE] [--update] [--json]',
	options: [
		['--yes', 'ask nothing: what is not given is as proposed'],
		['--answers FILE', 'answers in JSON or YAML, also a replay file of cookiecutter'],
		['--update', 'make the files of DIR anew from its own answers'],
		['--zeo-auth-password-file FILE', 'its first line is the password of that client, for ZEO 4'],
		...answerOptions,
	],
	exitCodes: ['ok', 'failed', 'usage'],
	notes: [
		'DIR is the present folder, unless one is named. Needs no configuration.',
		'Asks on a terminal, and shows all answers before anything is written.',
		'A file that was changed by hand is never replaced unasked.',
		'The answers are kept in .zeoctl-init.json, but for a password: only the database of ZEO 4 has it.',
		'The files of its service are made as by zeoctl generate, and left out where the service could not work.',
	],
	scope: 'none',
	async run(context) {
		const {system, action} = context;
		const options = parseInitOptions(action.argumentWords, system.cwd);
		const made = await makeInstance(context, options);
		if (made === undefined) return exitCode('failed');
		const {folder, written, removed, kept, notes, objections} = made;
		const lines = [
			...written.map(file => `wrote ${file}`),
			...removed.map(file => `removed ${file}`),
			...kept.map(file => `kept ${file}, which was changed by hand`),
			...(written.length + removed.length === 0 ? ['nothing to do'] : []),
			...notes,
			`next: ${nextCommands(system, folder, {written}).afterInit}`,
		];
		say(context, lines.map(line => `${renderForTerminal(line)}\n`).join(''));
		for (const line of objections) system.stderr.write(`${renderForTerminal(line)}\n`);
		answer(context, made);
		return exitCode(objections.length === 0 ? 'ok' : 'failed');
	},
};
