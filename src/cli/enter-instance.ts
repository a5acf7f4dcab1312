import {renderPythonList as quoteList} from '../control/python-literals.js';
import type {Settings} from '../settings/settings.js';
import {advised} from './advised.js';
import type {Context, InstanceCommand, InstanceContext, SettledContext} from './command.js';
import {accountEnvironment, becomeAccount, instanceAccount} from './drop-privileges.js';
import {instanceFolders, makeFolder} from './folders.js';
import {type Instance, openInstance} from './instance.js';
import {say} from './output.js';

/**
 * What comes before every command about an instance: its user is looked up, its folders are made where the
 * command needs them, and root becomes its user for good. Nothing is asked of the supervisor yet.
 */
export const enterInstance = async (
	context: Context,
	settings: Settings,
	command: Pick<InstanceCommand, 'makesFolders' | 'forAnyone'>,
): Promise<Instance> => {
	const {system} = context;
	const {runner} = settings;
	const account = await instanceAccount({
		user: runner.user,
		euid: system.identity.geteuid(),
		anyone: command.forAnyone === true,
		refuse: async message =>
			(await import('./unknown-user.js')).unknownUser(message, system, settings),
	});
	if (command.makesFolders) {
		const owner = system.identity.geteuid() === 0 ? account : undefined;
		for (const folder of instanceFolders(runner, system.cwd)) makeFolder(folder, owner);
	}
	const changed = account !== undefined && becomeAccount(account, system.identity);
	return openInstance({
		system,
		settings,
		environment: {
			...system.environment,
			...(changed && accountEnvironment(account)),
		},
		warn: warnOfDifference(context),
	});
};

/** Does something with an instance that is entered for it. */
export const withInstance = async (
	context: SettledContext,
	command: Pick<InstanceCommand, 'makesFolders' | 'forAnyone'>,
	act: (context: InstanceContext) => Promise<number>,
): Promise<number> => {
	const instance = await enterInstance(context, context.settings, command);
	try {
		return await act({...context, instance});
	} catch (error) {
		throw await advised(context, error);
	} finally {
		instance.close();
	}
};

/** Says in zdaemon's words that a supervisor runs another program than the configured one. */
export const warnOfDifference =
	(context: Context) =>
	(ours: readonly string[], theirs: readonly string[]): void =>
		say(
			context,
			'WARNING! zdrun is managing a different program!\n' +
				`our program   = ${quoteList(ours)}\ndaemon's args = ${quoteList(theirs)}\n`,
		);
