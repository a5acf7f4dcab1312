import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer} from '../output.js';
import {reopenFiles} from '../reopen.js';
import {sendSignal} from '../send-signal.js';

export const logreopen: InstanceCommand = {
	name: 'logreopen',
	summary: 'reopen the logs of the supervisor and of the program',
	usage: '[--json]',
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'The program gets SIGUSR2: a ZEO server reopens its log files, a program that does not expect it ends.',
		'If nothing runs there is nothing to reopen, and that is a success.',
	],
	scope: 'instance',
	async run(context) {
		const reached = await context.instance.reach();
		const transcript = await reopenFiles(context, reached);
		const program = sendSignal(context, reached, {name: 'SIGUSR2', number: 12});
		answer(context, {action: 'logreopen', transcript, program});
		const failed = transcript.outcome === 'failed' || program.outcome === 'failed';
		return exitCode(failed ? 'failed' : 'ok');
	},
};
