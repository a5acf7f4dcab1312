import {cancel, confirm, intro, isCancel, note, outro, select, text} from '@clack/prompts';
import type {Machine} from './answer-checks.js';
import {type AnswerName, type Answers, type Question, questions} from './answers.js';
import {isComplete, isRelevant} from './settle-answers.js';

/**
 * Asks on the terminal for all that was not given, checks each answer at once, and shows everything before it is
 * used. Undefined when the person leaves (Ctrl-C, or no at the end): then nothing has been done.
 */
export const askAnswers = async (
	given: Partial<Answers>,
	machine: Machine,
): Promise<Answers | undefined> => {
	intro(`A ZEO server in ${printable(machine.folder)}`);
	const answers: Partial<Record<AnswerName, string>> = {};
	for (const question of questions) {
		const {name} = question;
		const value = isSettled(question, given, answers, machine)
			? (given[name] ?? question.propose(answers, machine))
			: await ask(question, given[name], answers, machine);
		if (value === undefined) return leave();
		answers[name] = value;
	}
	if (!isComplete(answers)) return leave();
	note(renderAnswers(answers), 'These are the answers');
	const isSure = await confirm({message: 'Make it?'});
	if (isCancel(isSure) || !isSure) return leave();
	outro('Writing');
	return answers;
};

/** What is given and can be used is not asked for. */
const isSettled = (
	question: Question,
	given: Partial<Answers>,
	earlier: Partial<Answers>,
	machine: Machine,
): boolean => {
	const value = given[question.name];
	if (value === undefined) return !isRelevant(question, earlier);
	return question.check(value, earlier, machine) === undefined;
};

const ask = async (
	question: Question,
	given: string | undefined,
	earlier: Partial<Answers>,
	machine: Machine,
): Promise<string | undefined> => {
	const initialValue = given ?? question.propose(earlier, machine);
	const choices = question.choices?.(earlier, machine);
	const value = choices
		? await select({
				message: question.text,
				initialValue,
				options: choices.map(choice => ({value: choice, label: choice})),
			})
		: await text({
				message: question.text,
				initialValue,
				validate: (typed = '') => question.check(typed, earlier, machine),
			});
	return isCancel(value) ? undefined : value;
};

const leave = (): undefined => {
	cancel('Nothing was written.');
	return undefined;
};

/** Asks whether a file that a person changed is to be replaced. Undefined when the person leaves. */
export const askReplace = async (file: string): Promise<boolean | undefined> => {
	const isSure = await confirm({
		message: `Replace ${printable(file)}?`,
		initialValue: false,
	});
	return isCancel(isSure) ? undefined : isSure;
};

/** One line per answer that matters. */
const renderAnswers = (answers: Answers): string =>
	questions
		.filter(question => isRelevant(question, answers))
		.map(({name}) => `${name}: ${printable(answers[name])}`)
		.join('\n');

const printable = (value: string): string => value.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
