import {ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {commandLine} from './command-line.js';
import type {Planner} from './plan.js';
import type {ServiceFacts} from './service-facts.js';
import {fillTemplate} from './template.js';

/** cron cuts longer commands, without a word. */
const longestCommand = 990;

/** The file of cron for the packs of an instance; none without a schedule. */
export const planCron: Planner = (facts, templates) => {
	const {name, packs, mailTo, user} = facts;
	if (packs.length === 0) return [];
	const command = renderCronCommand(packCommand(facts));
	const content = fillTemplate(templates.cron, {
		mailto: renderRecipients(mailTo),
		entry: [...new Set(packs.map(cronSchedule))].map(schedule => `${schedule} ${user} ${command}`),
	});
	return [{path: `cron.d/pack-zeo-${name}`, mode: 0o644, content}];
};

/** cron knows no time zone but the system's; what is not due is not packed, so that asking more often is no harm. */
const cronSchedule = ({schedule, timeZone}: ServiceFacts['packs'][number]): string =>
	timeZone === undefined ? schedule.trim().split(/\s+/).join(' ') : '*/15 * * * *';

/** A timer that is active does the same: without systemd nobody answers, and the pack is ours. */
const packCommand = (facts: ServiceFacts): string => {
	const asked = `systemctl --quiet is-active pack-zeo-${facts.name}.timer 2>/dev/null`;
	const folder = renderShellCommand([facts.directory]);
	return `${asked} || { cd ${folder} && ${renderShellCommand(commandLine(facts, 'pack', '--scheduled'))}; }`;
};

/**
 * A shell command as cron hands it on: `%` would be a newline. A backslash before it must not be taken for its
 * escape, so the quoted word is closed and opened in between.
 */
export const renderCronCommand = (command: string): string => {
	const text = command.replaceAll('\\%', "\\''%").replaceAll('%', '\\%');
	if (Buffer.byteLength(text) > longestCommand)
		throw new ZeoctlError('CONFIGURATION', 'cannot write a file for cron: the paths are too long', {
			hint: `all together a line may have ${longestCommand} bytes`,
		});
	return text;
};

/** cron sends no mail to an address with other characters. */
const renderRecipients = (to: readonly string[] | undefined): string =>
	to !== undefined && to.length > 0 && to.every(each => /^\w[\w.+-]*(?:@[\w.-]+)?$/.test(each))
		? to.join(',')
		: 'root';
