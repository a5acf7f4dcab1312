import {constants, existsSync} from 'node:fs';
import path from 'node:path';
import {errorMessage, isZeoctlError} from '../../../platform/errors.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {inspectExecutable} from '../../../program/executable.js';
import {locateProgram} from '../../../program/locate.js';
import {makeUserWords} from '../../make-user.js';
import {denial, mayUse, unseen} from '../access.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, warning} from '../finding.js';
import {statIfSeen} from '../seen-files.js';
import type {ConfiguredSubject} from '../subject.js';

const executable = ofConf({
	group: 'program',
	name: 'executable',
	about:
		'the program and its start test are there, with their interpreters, and its user may run them',
	run(subject) {
		const {program, startTestProgram} = subject.settings.runner;
		return [
			...judgeProgram(subject, 'program', program),
			...(startTestProgram ? judgeProgram(subject, 'start-test-program', startTestProgram) : []),
		];
	},
});

const judgeProgram = (
	subject: ConfiguredSubject,
	key: string,
	[word]: readonly string[],
): readonly Finding[] => {
	const {environment, directory, user} = subject;
	try {
		const file = locateProgram(word, environment['PATH'], directory, key);
		return user.isSelf ? judgeExecutable(file) : [unseen(`to run '${file}'`, user)];
	} catch (cause) {
		return [notFound(subject, {key, word}, cause)];
	}
};

const notFound = (
	{directory, asRoot}: ConfiguredSubject,
	{key, word = ''}: {readonly key: string; readonly word: string | undefined},
	cause: unknown,
): Finding => {
	const file = path.resolve(directory, word);
	const home = homeOf(file);
	if (home !== undefined && !existsSync(file))
		return error(errorMessage(cause), {
			advice: 'the Python environment of the instance was not made yet, or has gone',
			command: renderShellCommand(['zeoctl', 'bootstrap', home]),
		});
	const hint = isZeoctlError(cause) ? cause.hint : undefined;
	if (hint?.startsWith('chmod '))
		return error(errorMessage(cause), {command: asRoot('chmod', '+x', file)});
	return error(
		errorMessage(cause),
		hint?.startsWith('namei ')
			? {command: hint}
			: {advice: hint ?? `name it by its path in '${key}'`},
	);
};

/** The folder of an instance that zeoctl has made, where a file in its environment is named. */
const homeOf = (file: string): string | undefined => {
	const [, home] = /^(.+)\/env\/bin\/[^/]+$/.exec(file) ?? [];
	return home !== undefined && existsSync(path.join(home, 'requirements.txt')) ? home : undefined;
};

const judgeExecutable = (file: string): readonly Finding[] => {
	const found = inspectExecutable(file);
	switch (found.state) {
		case 'fine':
			return [fine(file)];
		case 'no-interpreter':
			return [
				error(`${file} is a script of '${found.interpreter}', which does not exist`, {
					advice: 'make the Python environment again: zeoctl bootstrap, or pip install ZEO',
				}),
			];
		case 'interpreter-denied':
			return [
				error(`${file} is a script of '${found.interpreter}', which its user may not run`, {
					command: renderShellCommand(['namei', '-l', found.interpreter]),
				}),
			];
		default:
			return [
				error(`${file} cannot be run: ${found.state}`, {
					command: renderShellCommand(['ls', '-l', file]),
				}),
			];
	}
};

const account = ofConf({
	group: 'program',
	name: 'user',
	about: 'the user of the conf exists and is not root',
	run({user: {account: found, named}, asRoot, zeoctl}) {
		if (found === undefined)
			return [
				error(`there is no user '${named}'`, {
					command: asRoot(...makeUserWords(named ?? '')),
				}),
			];
		if (found.uid !== 0) return [fine(`${found.name} (uid ${found.uid})`)];
		return [
			warning('the program runs as root: a hole in it is a hole in the whole machine', {
				advice: `add "user zeo" to <runner>; ${zeoctl('install')} makes the user`,
			}),
		];
	},
});

const folder = ofConf({
	group: 'program',
	name: 'directory',
	about: 'the folder that the program runs in is there and can be entered',
	run({settings, directory, user, asRoot, isRoot}) {
		if (settings.runner.directory === undefined) return [idle('the conf names none')];
		const access = mayUse(directory, user, constants.R_OK | constants.X_OK);
		if (access === 'missing')
			return [
				warning(`the folder '${directory}' does not exist; start makes one level of it`, {
					command: asRoot('install', '-d', '-o', user.account?.name ?? 'root', directory),
				}),
			];
		if (statIfSeen(directory)?.isDirectory() === false)
			return [
				error(`'${directory}' is no folder: a file is in its place`, {
					command: renderShellCommand(['ls', '-l', directory]),
				}),
			];
		return access === 'no' ? [denial(directory, user, isRoot)] : [fine(directory)];
	},
});

/** Whether what is configured can be run, and by whom. */
export const programChecks: readonly Check[] = [executable, account, folder];
