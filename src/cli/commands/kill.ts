import {renderPythonString as quote} from '../../platform/python-repr.js';
import {argumentLine} from '../action.js';
import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {refuseStranger} from '../look-for-program.js';
import {answer, say} from '../output.js';
import {reachRecorded} from '../reach-program.js';
import {giveUpWord, refuseLoss} from '../refuse-loss.js';
import {sendSignal} from '../send-signal.js';
import {isHarmless, parseSignal} from '../signals.js';

export const kill: InstanceCommand = {
	name: 'kill',
	summary: 'send a signal to the program',
	usage: `[SIGNAL] [${giveUpWord}] [--json]`,
	options: [
		['SIGNAL', 'a name, with or without SIG, or a number (default SIGTERM)'],
		[giveUpWord, 'also where a deleted database, which only the program still has, is lost by it'],
		['--json', 'one JSON document'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'If the signal ends the program, the supervisor starts it again, unless its exit code is one of exit-codes: a ZEO server that gets SIGTERM exits with 0, which is one by default, and the supervisor leaves, too. SIGHUP ends a ZEO server with 1: it is started again.',
		`A program whose database has been deleted gets no signal that could end it before you say ${giveUpWord}: see rescue.`,
	],
	scope: 'instance',
	async run(context) {
		const {argumentWords} = context.action;
		const isGivenUp = argumentWords.includes(giveUpWord);
		const words = argumentWords.filter(word => word !== giveUpWord);
		const text = argumentLine({...context.action, argumentWords: words}) || 'SIGTERM';
		const signal = parseSignal(text);
		if (!signal) {
			const reason = `invalid signal ${quote(text)}`;
			say(context, `${reason}\n`);
			answer(context, {action: 'kill', outcome: 'invalid-signal', pid: null, signal: text, reason});
			return exitCode('usage');
		}
		const reached = await reachRecorded(context);
		refuseStranger('cannot send a signal', reached);
		if (!isHarmless(signal) && !isGivenUp) await refuseLoss(context, reached);
		const sent = sendSignal(context, reached, signal);
		answer(context, {action: 'kill', signal: signal.name, ...sent});
		return exitCode(sent.outcome === 'sent' ? 'ok' : 'failed');
	},
};
