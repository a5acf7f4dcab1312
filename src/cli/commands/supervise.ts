import {writeSync} from 'node:fs';
import {runSupervisor} from '../../daemon/main.js';
import type {Mode} from '../../daemon/mode.js';
import {orderVariable} from '../../program/environment.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {launchOrder} from '../launch-order.js';
import {refuseRival} from '../refuse-rival.js';

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
		'Where a service of systemd is installed for the conf, only that may be its supervisor.',
		'Without a transcript the program writes where the supervisor does.',
		'Ends with 0 after a stop, with 1 when the program failed too often, and with the status of the program when that is one of exit-codes.',
	],
	json: 'never',
	scope: 'instance',
	makesFolders: true,
	throughUnit: refuseRival,
	async run(context) {
		if (context.system.environment[orderVariable] !== undefined) return tellOrder(context);
		return superviseInstance(context, 'foreground');
	},
};

/** For a running supervisor that reads its configuration anew, see `daemon/read-order.ts`. */
const tellOrder = (context: InstanceContext): number => {
	context.system.stdout.write(JSON.stringify(launchOrder(context)));
	return exitCode('ok');
};

/** Supervises the instance of a context until there is nothing left to do; resolves to the exit status. */
export const superviseInstance = async (
	context: InstanceContext,
	mode: Exclude<Mode, 'detached'>,
): Promise<number> =>
	runSupervisor({
		...launchOrder(context),
		environment: context.instance.environment,
		cwd: context.system.cwd,
		mode,
		reportDescriptor: undefined,
		command: [process.execPath, ...process.execArgv, context.system.programName],
		version: context.system.version,
		writeOutput: text => void writeSync(1, text),
		writeError: text => void writeSync(2, text),
	});
