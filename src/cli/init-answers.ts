import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import type {Machine} from '../scaffold/answer-checks.js';
import type {Answers} from '../scaffold/answers.js';
import {settleAnswers} from '../scaffold/settle-answers.js';

/**
 * All answers for an instance: those that are given, and for the rest what a person says or what is proposed. Undefined
 * when the person leaves. Throws a usage error for answers that cannot be used, all in one.
 */
export const findAnswers = async (
	given: Partial<Answers>,
	machine: Machine,
	{
		asks,
		proposes,
	}: {
		/** A person is there, and answers. */
		readonly asks: boolean;
		/** What is not given is as proposed. */
		readonly proposes: boolean;
	},
): Promise<Answers | undefined> => {
	if (asks) {
		const {askAnswers} = await import('../scaffold/wizard.js');
		return askAnswers(given, machine);
	}
	if (!proposes)
		throw new ZeoctlError(
			'USAGE',
			'cannot ask for the answers: this is no terminal; --yes takes what is proposed',
			{
				hint: 'zeoctl init --yes [--answers FILE]',
			},
		);
	const settled = settleAnswers(given, machine);
	if ('answers' in settled) return settled.answers;
	const reasons = settled.refusals.map(
		({name, value, reason}) =>
			`${name} ${quote(value)}: ${reason} (--${name.replaceAll('_', '-')})`,
	);
	throw new ZeoctlError('USAGE', `cannot make an instance: ${reasons.join('; ')}`);
};
