import type {Machine} from './answer-checks.js';
import {type AnswerName, type Answers, type Question, questions} from './answers.js';

/** An answer that cannot be used, and what would be accepted. */
export type Refusal = {readonly name: AnswerName; readonly value: string; readonly reason: string};

/** Answers where nobody is asked: what was given, and what is proposed for the rest. All mistakes in one run. */
export const settleAnswers = (
	given: Partial<Answers>,
	machine: Machine,
): {readonly answers: Answers} | {readonly refusals: readonly Refusal[]} => {
	const answers: Partial<Record<AnswerName, string>> = {};
	const refusals: Refusal[] = [];
	for (const question of questions) {
		const {name} = question;
		const value = given[name] ?? question.propose(answers, machine);
		const reason = question.check(value, answers, machine);
		if (reason !== undefined) refusals.push({name, value, reason});
		answers[name] = value;
	}
	return refusals.length === 0 && isComplete(answers) ? {answers} : {refusals};
};

/** Whether a question applies: nobody wants to know of a mail server where no mail is sent. */
export const isRelevant = ({name}: Question, earlier: Partial<Answers>): boolean => {
	if (name === 'zeo_auth_user') return earlier.use_zeo_auth === 'yes';
	if (name === 'mail_server') return earlier.zeo_pack_report !== 'none';
	return name !== 'pack_days' || earlier.pack_schedule !== 'none';
};

/** Whether every question has its answer. */
export const isComplete = (answers: Partial<Answers>): answers is Answers =>
	questions.every(({name}) => answers[name] !== undefined);
