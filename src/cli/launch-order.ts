import type {LaunchOrder} from '../supervisor/report.js';
import type {CommandLine} from './arguments.js';
import type {InstanceContext} from './command.js';

/** What a supervisor is told, and how to read it again. */
export const launchOrder = ({
	system,
	settings,
	commandLine,
	action,
	instance,
}: Pick<
	InstanceContext,
	'system' | 'settings' | 'commandLine' | 'action' | 'instance'
>): LaunchOrder => {
	const {plainEnvironment} = instance;
	const names = Object.keys(settings.environment);
	const server = system.findProgramServer(settings);
	return {
		settings,
		server,
		programArguments: action.programArguments,
		reading: {
			flags: flagsOf(commandLine),
			sources: system.sources(),
			covered: Object.fromEntries(names.map(name => [name, plainEnvironment[name] ?? null])),
		},
	};
};

/** The flags of a command line, as typed, for another command about the same instance. */
export const flagsOf = ({flags}: CommandLine): readonly string[] =>
	flags.filter(word => word !== '--json');
