import type {Step} from '../generate/steps.js';
import {findAccount} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {Context} from './command.js';
import {exitCode} from './exit-codes.js';
import {answer, say} from './output.js';
import {performStep, renderStep} from './perform-steps.js';
import {takeOption} from './take-option.js';

/** What follows `install` and `uninstall`. Throws unless root asks, or nothing would be done. */
export const parseInstallation = ({system, action}: Context, verb: 'install' | 'uninstall') => {
	const group = takeOption(action.argumentWords, '--group');
	const known = ['--dry-run', ...(verb === 'install' ? ['--replace'] : [])];
	const isDry = group.rest.includes('--dry-run');
	const isReplacing = group.rest.includes('--replace');
	const others = group.rest.filter(word => !known.includes(word));
	if (others.length > 0)
		throw new ZeoctlError('USAGE', `cannot ${verb} ${quote(others.join(' '))}`, {
			hint: `zeoctl help ${verb}`,
		});
	if (!isDry && system.identity.geteuid() !== 0)
		throw new ZeoctlError('PERMISSION', `cannot ${verb} a service: only root can`, {
			asUser: 'root',
		});
	return {isDry, isReplacing, group: group.value === undefined ? {} : {group: group.value}};
};

/** Does the steps one after another and tells each; resolves to the exit status. */
export const carryOut = async (
	context: Context,
	{
		steps,
		user,
		isDry,
	}: {
		readonly steps: readonly Step[];
		readonly user: string;
		readonly isDry: boolean;
	},
): Promise<number> => {
	for (const step of steps) {
		say(context, `${renderForTerminal(renderStep(step))}\n`);
		if (!isDry) await performStep(step, () => ownerOf(user));
	}
	if (steps.length === 0) say(context, 'nothing is installed\n');
	answer(context, {done: !isDry, steps: steps.map(renderStep)});
	return exitCode('ok');
};

const ownerOf = async (user: string): Promise<Account> => {
	const account = await findAccount(user);
	if (account) return account;
	throw new ZeoctlError('CONFIGURATION', `cannot find the user ${quote(user)}`);
};
