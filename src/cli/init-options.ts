import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {type Answers, questions} from '../scaffold/answers.js';
import {isAnswerName, readAnswers, readPassword} from '../scaffold/read-answers.js';
import {firstLine} from './ask-password.js';

/** What follows `init`, understood. */
export type InitOptions = {
	/** Absolute. */
	readonly folder: string;
	readonly update: boolean;
	/** Nothing is asked. */
	readonly yes: boolean;
	/** From the file of answers and from options; these come first. */
	readonly given: Partial<Answers>;
	/** Of the first client of a ZEO 4; in no record of ours. */
	readonly password: string | undefined;
};

/** The options that are answers, as help shows them. */
export const answerOptions = questions.map(
	({name, text}) => [`--${name.replaceAll('_', '-')} VALUE`, text] as const,
);

const options = {
	yes: {type: 'boolean', short: 'y'},
	update: {type: 'boolean'},
	answers: {type: 'string'},
	'zeo-auth-password-file': {type: 'string'},
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
	const inFile = (name: 'answers' | 'zeo-auth-password-file'): string | undefined => {
		const file = values[name];
		return typeof file === 'string' ? path.resolve(cwd, file) : undefined;
	};
	const answers = inFile('answers');
	const passwordFile = inFile('zeo-auth-password-file');
	return {
		folder: path.resolve(cwd, folder),
		update: values['update'] === true,
		yes: values['yes'] === true,
		given: {...(answers !== undefined && read(answers, readAnswers)), ...typed(values)},
		password:
			passwordFile === undefined
				? answers && read(answers, readPassword)
				: read(passwordFile, firstLine),
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

const read = <Value>(file: string, parse: (text: string) => Value): Value => {
	try {
		return parse(readFileSync(file, 'utf8'));
	} catch (cause) {
		throw new ZeoctlError(
			'USAGE',
			// What follows shows the place in the file, and perhaps a password.
			`cannot use the answers in ${quote(file)}: ${errorMessage(cause).split('\n')[0]}`,
			{cause},
		);
	}
};

const usage = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot make an instance: ${reason}`, {hint: 'zeoctl help init'});
