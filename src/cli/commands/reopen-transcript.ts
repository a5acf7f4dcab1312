import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer} from '../output.js';
import {reopenFiles} from '../reopen.js';

export const reopenTranscript: InstanceCommand = {
	name: 'reopen_transcript',
	summary: 'reopen the transcript and the event log, after a rotation',
	usage: '[--json]',
	otherWords: 'ignored',
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Prints nothing when the file at the configured path is again the one that the program writes to.',
		'If no supervisor runs there is nothing to reopen, and that is a success.',
	],
	scope: 'instance',
	async run(context) {
		const result = await reopenFiles(context, await context.instance.reach());
		answer(context, {action: 'reopen_transcript', ...result});
		return exitCode(result.outcome === 'failed' ? 'failed' : 'ok');
	},
};
