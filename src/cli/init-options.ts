import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {type Answers, questions} from '../scaffold/answers.js';
import {isAnswerName, readAnswers} from '../scaffold/read-answers.js';

/** What follows `init`, understood. */
export type InitOptions = {
	/** Absolute. */
	readonly folder: string;
	readonly update: boolean;
	/** Nothing is asked. */
	readonly yes: boolean;
	/** From the file of answers and from options; these come first. */
	readonly given: Partial<Answers>;
};

/** The options that are answers, as help shows them. */
export const answerOptions = questions.map(
	({name, text}) => [`--${name.replaceAll('_', '-')} VALUE`, text] as const,
);

const options = {
	yes: {type: 'boolean', short: 'y'},
	update: {type: 'boolean'},
	answers: {type: 'string'},
	...Object.fromEntries(
		questions.map(({name}) => [name.replaceAll('_', '-'), {type: 'string'} as const]),
	),
} as const;

/** Understands the words after `init`, and reads the file of answers. Throws usage errors. */
export const parseInitOptions = (words: readonly string[], cwd: string): InitOptions => {
	const {values, positionals} = splitWords(words);
	const [folder = '.', ...more] = positionals;
	if (more.length > 0)
		throw usage(`one folder only, not ${positionals.map(name => quote(name)).join(', ')}`);
	const file = values['answers'];
	return {
		folder: path.resolve(cwd, folder),
		update: values['update'] === true,
		yes: values['yes'] === true,
		given: {...(typeof file === 'string' && readFile(path.resolve(cwd, file))), ...typed(values)},
	};
};

const splitWords = (words: readonly string[]) => {
	try {
		return parseArgs({args: [...words], options, allowPositionals: true});
	} catch (error) {
		const [line = ''] = errorMessage(error).split(/\.?(?:\n| To specify)/);
		throw usage(line.replace(/^[A-Z]/, letter => letter.toLowerCase()));
	}
};

const typed = (values: Readonly<Record<string, unknown>>): Partial<Answers> => {
	const texts = Object.entries(values).flatMap(([name, value]) => {
		const known = name.replaceAll('-', '_');
		return isAnswerName(known) && typeof value === 'string' ? [[known, value]] : [];
	});
	return readAnswers(JSON.stringify(Object.fromEntries(texts)));
};

const readFile = (file: string): Partial<Answers> => {
	try {
		return readAnswers(readFileSync(file, 'utf8'));
	} catch (cause) {
		throw new ZeoctlError(
			'USAGE',
			`cannot use the answers in ${quote(file)}: ${errorMessage(cause)}`,
			{
				cause,
			},
		);
	}
};

const usage = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot make an instance: ${reason}`, {hint: 'zeoctl help init'});
