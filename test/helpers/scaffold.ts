import type {Machine} from '../../src/scaffold/answer-checks.js';
import type {Answers} from '../../src/scaffold/answers.js';
import {settleAnswers} from '../../src/scaffold/settle-answers.js';

/** A machine of an ordinary user, on which port 9999 is taken. */
export const machineOf = (more: Partial<Machine> = {}): Machine => ({
	folder: '/srv/shop',
	home: '/home/anna',
	user: {uid: 1000, name: 'anna', group: 'users'},
	releases: [
		{name: '2025.1', zeoVersions: ['5']},
		{name: '2026.2', zeoVersions: ['4', '5', '6']},
	],
	isPortTaken: port => port === 9999,
	...more,
});

/** Answers as proposed, but for what is given. Throws where one of them is refused. */
export const answersOf = (
	given: Partial<Answers> = {},
	machine: Machine = machineOf(),
): Answers => {
	const settled = settleAnswers(given, machine);
	if ('answers' in settled) return settled.answers;
	throw new Error(JSON.stringify(settled.refusals));
};
