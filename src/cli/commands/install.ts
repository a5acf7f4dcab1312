import {planServiceFiles} from '../../generate/plan.js';
import {kindsFor, planInstall, type Step} from '../../generate/steps.js';
import {readTemplates} from '../../generate/templates.js';
import {verifyFiles} from '../../generate/verify.js';
import {ZeoctlError} from '../../platform/errors.js';
import {isBooted} from '../../systemd/booted.js';
import type {Context, PlainCommand} from '../command.js';
import {loadConfigured} from '../configured.js';
import {findFormerNumbers} from '../data-owner.js';
import {carryOut, parseInstallation} from '../installation.js';
import {say} from '../output.js';
import {templatesFolder} from '../own-programs.js';
import {findPresentFiles} from '../present-files.js';
import {refuseRunning} from '../refuse-running.js';
import {readServiceFacts} from '../service-facts.js';
import {findInstalled, inspectMachine, refuseSharedPrograms} from '../service-machine.js';

export const install: PlainCommand = {
	name: 'install',
	summary: 'make a service of the instance, enable and start it',
	usage: '[--dry-run] [--replace] [--group GROUP] [--json]',
	options: [
		['--dry-run', 'say what would be done, and do nothing'],
		['--replace', 'also files that somebody has changed, unasked'],
		['--group GROUP', 'for a user that does not exist yet; else it is its group'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Needs root. Where systemd runs the system: units, with timers for packs and mail; else an init script and a file for cron.',
		'Makes the user of the conf and missing folders. A user who was made for the data before gets its number again; data that belongs to somebody else is not given away, and you are told the command that does.',
		'Files of an earlier installation are replaced. One that somebody has changed stays as long as nothing new is to go into it; otherwise the difference is shown and you are asked, and where nobody can be asked nothing is done. Changes in drop-ins (systemctl edit) are never in the way.',
		'A server that was started by hand must be stopped before: nothing is done while it runs.',
	],
	scope: 'none',
	async run(context) {
		const {system} = context;
		const {isDry, isReplacing, group} = parseInstallation(context, 'install');
		const settings = loadConfigured(context);
		const facts = await readServiceFacts(system, settings, group);
		const machine = await inspectMachine(facts);
		const templates = readTemplates(templatesFolder(system.programName));
		const files = planServiceFiles(facts, templates, kindsFor(machine));
		refuseSharedPrograms(facts);
		findInstalled(facts);
		const numbers = await findFormerNumbers(facts);
		if (machine.init === 'systemd' && !isDry)
			await refuseRunning(context, settings, `zeo-${facts.name}.service`);
		const [objection] = await verifyFiles(files, system.environment);
		if (objection !== undefined)
			throw new ZeoctlError('CONFIGURATION', `cannot install: ${objection}`);
		const present = await findPresentFiles(context, files, {isDry, isReplacing});
		const steps = planInstall(facts, files, {...machine, numbers}, present);
		const notice = await noticeOfRestart(context, steps, `zeo-${facts.name}.service`);
		const code = await carryOut(context, {steps, user: facts.user, isDry});
		say(context, notice);
		return code;
	},
};

/** A service that is up goes on as its former unit had it. */
const noticeOfRestart = async (
	{system}: Context,
	steps: readonly Step[],
	unit: string,
): Promise<string> => {
	const isNew = steps.some(step => step.step === 'write' && step.file.endsWith(`/${unit}`));
	if (!isNew || !isBooted()) return '';
	const {exitCode} = await system.runTool(['systemctl', 'is-active', '--quiet', unit]);
	return exitCode === 0
		? `${unit} goes on as it was started, until it is restarted\nnext: systemctl restart ${unit}\n`
		: '';
};
