import {parseDocument, visit} from 'yaml';
import {type AnswerName, type Answers, questions} from './answers.js';

/** An answer that is kept nowhere, and so is none of the others. */
const passwordName = 'zeo_auth_password';

/**
 * Reads a file of answers: JSON or YAML, the names at the top or, as in a replay file of cookiecutter, below
 * `cookiecutter`. Throws with the reason where a text cannot be understood, or has a name that nobody asks for.
 */
export const readAnswers = (text: string): Partial<Answers> => {
	const answers: Partial<Record<AnswerName, string>> = {};
	for (const [name, value] of readEntries(text)) {
		if (name === 'zeo_auth_user' && isBlank(value)) continue;
		if (isAnswerName(name)) answers[name] = readValue(name, value);
		else if (name !== passwordName && !name.startsWith('_'))
			throw new Error(
				`nobody asks for '${name}'; known are ${[...names, passwordName].join(', ')}`,
			);
	}
	return answers;
};

/** The password in a file of answers, if there is one. Throws where the text cannot be understood. */
export const readPassword = (text: string): string | undefined => {
	const value = readEntries(text).find(([name]) => name === passwordName)?.[1];
	return value === undefined || value === null ? undefined : String(value);
};

const readEntries = (text: string): readonly (readonly [string, unknown])[] => {
	const top = entriesOf(parseText(text) ?? {});
	const replayed = top.find(([name]) => name === 'cookiecutter');
	return replayed ? entriesOf(replayed[1]) : top;
};

/** Numbers stay as they are written: `007` is a password, and no 7. */
const parseText = (text: string): unknown => {
	const document = parseDocument(text, {logLevel: 'error'});
	const [mistake] = document.errors;
	// What follows the first line of the message is text of the file, which may hold a password.
	if (mistake) throw new Error(mistake.message.split(/:?\n/)[0]);
	visit(document, {
		Scalar(_, scalar) {
			if (typeof scalar.value === 'number') scalar.value = scalar.source ?? scalar.value;
		},
	});
	return document.toJS();
};

const names: readonly string[] = questions.map(({name}) => name);

/** Whether a text is the name of a question. */
export const isAnswerName = (name: string): name is AnswerName => names.includes(name);

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] => {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new Error('it holds no names with values');
	return Object.entries(value);
};

const yesOrNo: ReadonlySet<string> = new Set(['blobs', 'use_zeo_auth']);
const optional: ReadonlySet<string> = new Set([
	'zeo_monitor_port',
	'pack_schedule',
	'zeo_pack_report',
]);

const readValue = (name: AnswerName, value: unknown): string => {
	if (yesOrNo.has(name)) return readYesOrNo(value);
	if (optional.has(name) && isBlank(value)) return 'none';
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	throw new Error(`'${name}' is neither a text nor a number`);
};

const isBlank = (value: unknown): boolean => value === null || value === false || value === '';

const readYesOrNo = (value: unknown): string => {
	const text = String(value).toLowerCase();
	if (/^(?:y|yes|true|on|1)$/.test(text)) return 'yes';
	return /^(?:n|no|false|off|0)$/.test(text) ? 'no' : text;
};
