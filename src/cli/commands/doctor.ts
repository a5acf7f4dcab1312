import {ZeoctlError} from '../../platform/errors.js';
import {nearestName} from '../../platform/nearest-name.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import type {PlainCommand} from '../command.js';
import {type CheckGroup, checkGroups} from '../doctor/check.js';
import {checks} from '../doctor/checks.js';
import {doctorDocument} from '../doctor/document.js';
import {examine} from '../doctor/examine.js';
import {openSubject} from '../doctor/open-subject.js';
import {renderExamination} from '../doctor/render.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';

export const doctor: PlainCommand = {
	name: 'doctor',
	summary: 'examine an instance and its machine, and say what repairs them',
	usage: '[GROUP ...] [--json]',
	options: [['GROUP', `only these checks: ${checkGroups.join(', ')}`]],
	exitCodes: ['ok', 'failed', 'usage'],
	notes: [
		'Changes nothing, starts nothing, and needs nothing that runs. In a broken conf the lines with mistakes are passed over; what it then does not tell is left out.',
		'Fails where an error is found; warnings, and what cannot be seen from here, do not make it fail.',
		'Asked by root it becomes the user of the instance, where the conf names none whoever has started it, and sees what that user may do. Other users are told what they cannot see.',
		'What there is nothing of here (no <ssl>, no unit) is counted, and shown where its group is named.',
		'No check takes longer than fifteen seconds. A mail server is greeted, no mail is sent.',
	],
	scope: 'none',
	async run(context) {
		const groups = parseGroups(context.action.argumentWords);
		const showsIdle = context.action.argumentWords.length > 0;
		const {subject, close} = await openSubject(context);
		try {
			const wanted = checks.filter(({group}) => groups.includes(group));
			const examined = await examine(wanted, subject);
			say(context, renderExamination(context.system, examined, {showsIdle}));
			const document = doctorDocument(examined);
			answer(context, document);
			return exitCode(document.ok ? 'ok' : 'failed');
		} finally {
			close();
		}
	},
};

/** All groups where none is named. Throws a usage error for a word that is none. */
const parseGroups = (words: readonly string[]): readonly CheckGroup[] => {
	const named = checkGroups.filter(group => words.includes(group));
	const other = words.find(word => !checkGroups.some(group => group === word));
	if (other === undefined) return named.length === 0 ? checkGroups : named;
	const nearest = nearestName(other, checkGroups);
	const meant = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
	throw new ZeoctlError('USAGE', `cannot examine ${quote(other)}: there is no such group${meant}`, {
		hint: 'zeoctl help doctor',
	});
};
