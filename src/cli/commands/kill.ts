import {renderPythonString as quote} from '../../platform/python-repr.js';
import {argumentLine} from '../action.js';
import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';
import {sendSignal} from '../send-signal.js';
import {parseSignal} from '../signals.js';

export const kill: InstanceCommand = {
	name: 'kill',
	summary: 'send a signal to the program',
	usage: '[SIGNAL] [--json]',
	options: [['SIGNAL', 'a name, with or without SIG, or a number (default SIGTERM)']],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: ['If the signal ends the program, the supervisor starts it again; stop ends both.'],
	scope: 'instance',
	async run(context) {
		const text = argumentLine(context.action) || 'SIGTERM';
		const signal = parseSignal(text);
		if (!signal) {
			const reason = `invalid signal ${quote(text)}`;
			say(context, `${reason}\n`);
			answer(context, {action: 'kill', outcome: 'invalid-signal', pid: null, signal: text, reason});
			return exitCode('usage');
		}
		const sent = sendSignal(context, await context.instance.reach(), signal);
		answer(context, {action: 'kill', signal: signal.name, ...sent});
		return exitCode(sent.outcome === 'sent' ? 'ok' : 'failed');
	},
};
