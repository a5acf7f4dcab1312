import {existsSync} from 'node:fs';
import {planUninstall} from '../../generate/steps.js';
import type {PlainCommand} from '../command.js';
import {loadConfigured} from '../configured.js';
import {carryOut, parseInstallation} from '../installation.js';
import {say} from '../output.js';
import {readServiceFacts} from '../service-facts.js';
import {findInstalled, inspectMachine, ownsAccount} from '../service-machine.js';

export const uninstall: PlainCommand = {
	name: 'uninstall',
	summary: 'stop the service of the instance and remove it; the data stays',
	usage: '[--dry-run] [--json]',
	options: [['--dry-run', 'say what would be done, and do nothing']],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Needs root. Removes the files that install has written, and the user if install has made it and no other service needs it; files keep its number.',
	],
	scope: 'none',
	async run(context) {
		const {isDry} = parseInstallation(context, 'uninstall');
		const facts = await readServiceFacts(
			context.system,
			loadConfigured(context, {acceptsMissing: true}),
		);
		const {init} = await inspectMachine(facts);
		const installed = findInstalled(facts);
		const steps = planUninstall(facts, {installed, init, ...ownsAccount(facts, installed)});
		const code = await carryOut(context, {steps, user: facts.user, isDry});
		// Somebody's own work, as by systemctl edit, is not ours to remove.
		for (const folder of installed.map(file => `${file}.d`).filter(each => existsSync(each)))
			say(context, `left ${folder}, which install has not made\n`);
		return code;
	},
};
