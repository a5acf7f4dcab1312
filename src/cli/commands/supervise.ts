import {writeSync} from 'node:fs';
import {runSupervisor} from '../../daemon/main.js';
import type {Mode} from '../../daemon/mode.js';
import type {InstanceCommand, InstanceContext} from '../command.js';

/** Is the supervisor in this process, for systemd and containers. */
export const supervise: InstanceCommand = {
	name: 'supervise',
	summary: 'be the supervisor in the foreground, for systemd or a container',
	usage: '[ARGUMENT ...]',
	options: [['ARGUMENT ...', 'words that are appended to the configured program']],
	exitCodes: ['ok', 'failed', 'usage', 'unknown', 'refused'],
	notes: [
		'SIGTERM, SIGINT, SIGHUP and SIGQUIT stop the program, then the supervisor; SIGUSR2 reopens the logs.',
		'A program that outlived its supervisor is found and supervised again.',
		'Without a transcript the program writes where the supervisor does.',
		'Ends with 0 after a stop, with 1 when the program failed too often, and with the status of the program when that is one of exit-codes.',
	],
	json: 'never',
	scope: 'instance',
	makesFolders: true,
	async run(context) {
		return superviseInstance(context, 'foreground');
	},
};

/** Supervises the instance of a context until there is nothing left to do; resolves to the exit status. */
export const superviseInstance = async (
	{system, settings, instance, action, commandLine}: InstanceContext,
	mode: Exclude<Mode, 'detached'>,
): Promise<number> =>
	runSupervisor({
		settings,
		server: system.findProgramServer(settings),
		programArguments: action.programArguments,
		flags: commandLine.flags,
		environment: instance.environment,
		cwd: system.cwd,
		mode,
		reportDescriptor: undefined,
		version: system.version,
		writeOutput: text => void writeSync(1, text),
		writeError: text => void writeSync(2, text),
	});
