import path from 'node:path';
import {parseArgs} from 'node:util';
import {findAccount} from '../../platform/accounts.js';
import {errorMessage, ZeoctlError} from '../../platform/errors.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {readRecord} from '../../scaffold/read-instance.js';
import {bootstrapInstance} from '../bootstrap-instance.js';
import type {PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {nextCommands} from '../next-commands.js';
import {answer, say} from '../output.js';

export const bootstrap: PlainCommand = {
	name: 'bootstrap',
	summary: 'make the Python environment of an instance, or repair it',
	usage: '[DIR] [--wheels FOLDER] [--json]',
	options: [['--wheels FOLDER', 'take the packages from a folder, without a network']],
	exitCodes: ['ok', 'failed', 'usage'],
	notes: [
		'DIR is the present folder, unless one is named. Needs no configuration.',
		'Installs what requirements.txt pins, each file checked by its digest, into DIR/env.',
		'Does nothing when all of it is there and can be imported.',
	],
	scope: 'none',
	async run(context) {
		const {system, action} = context;
		const {folder, wheels} = parseWords(action.argumentWords, system.cwd);
		const tell = (step: string) => say(context, `${renderForTerminal(step)}\n`);
		const {made, python, versions} = await bootstrapInstance(system, {folder, wheels, tell});
		tell(made ? `made ${python}` : `nothing to do: ${python} has what is wanted`);
		for (const [name, version] of Object.entries(versions)) tell(`${name} ${version}`);
		const {start, install} = nextCommands(system, folder, await findLack(folder));
		if (start !== undefined) tell(`next: ${start}`);
		if (install !== undefined)
			tell(`${start === undefined ? 'next' : 'or, as a service'}: ${install}`);
		answer(context, {made, python, versions});
		return exitCode('ok');
	},
};

/** The user of the server where nobody knows it. */
const findLack = async (folder: string): Promise<{readonly lacksUser?: string}> => {
	const user = readRecord(folder)?.answers.run_user;
	return user === undefined || (await findAccount(user)) ? {} : {lacksUser: user};
};

const parseWords = (words: readonly string[], cwd: string) => {
	try {
		const {values, positionals} = parseArgs({
			args: [...words],
			options: {wheels: {type: 'string'}},
			allowPositionals: true,
		});
		const [folder = '.', ...more] = positionals;
		if (more.length > 0) throw new Error('one folder only');
		return {
			folder: path.resolve(cwd, folder),
			wheels: values.wheels === undefined ? undefined : path.resolve(cwd, values.wheels),
		};
	} catch (cause) {
		const [line = ''] = errorMessage(cause).split(/\.?(?:\n| To specify)/);
		throw new ZeoctlError('USAGE', `cannot bootstrap: ${line}`, {
			cause,
			hint: 'zeoctl help bootstrap',
		});
	}
};
