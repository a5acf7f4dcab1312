import {accessSync, constants, type Stats, statSync} from 'node:fs';
import path from 'node:path';
import {ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';

/** Where a program without a slash is looked for when PATH is not set; the original's choice. */
const defaultPath = '/bin:/usr/bin:/usr/local/bin';

/**
 * The absolute path of the program's executable, looked up as the original does: a word with a slash is a path,
 * relative to `cwd`; any other is searched on PATH. Throws PROGRAM_UNUSABLE in the original's words; what to do instead names
 * the key of the conf.
 */
export const locateProgram = (
	word: string | undefined,
	pathVariable: string | undefined,
	cwd: string,
	key = 'program',
): string => {
	if (word === undefined)
		throw unusable('no program specified', "write the command of the server behind 'program'");
	const file = word.includes('/') ? existing(word, cwd) : searched(word, key, {pathVariable, cwd});
	try {
		accessSync(file, constants.X_OK);
	} catch {
		throw unusable(
			`no permission to run program ${quote(word)}`,
			renderShellCommand(['chmod', '+x', file]),
		);
	}
	return file;
};

const existing = (word: string, cwd: string): string => {
	const file = path.resolve(cwd, word);
	if (isFolder(file))
		throw unusable(
			`cannot run program ${quote(word)}: it is a folder`,
			renderShellCommand(['ls', file]),
		);
	if (!isFile(file))
		throw unusable(`can't stat program ${quote(word)}`, renderShellCommand(['namei', '-l', file]));
	return file;
};

const searched = (
	word: string,
	key: string,
	{
		pathVariable = defaultPath,
		cwd,
	}: {readonly pathVariable: string | undefined; readonly cwd: string},
): string => {
	const folders = pathVariable.split(':');
	const found = folders
		.map(folder => path.resolve(cwd, folder, word))
		.find(file => isFile(file) && (statSync(file).mode & 0o111) !== 0);
	if (found !== undefined) return found;
	const listed = folders.map(folder => quote(folder)).join(', ');
	const hint =
		word === '='
			? `write '${key} COMMAND': a conf has no '=' between a key and its value`
			: `set '${key}' to the full path of ${quote(word)}, or PATH in the environment of this command`;
	throw unusable(`can't find program ${quote(word)} on PATH [${listed}]`, hint);
};

const isFile = (file: string): boolean => look(file)?.isFile() ?? false;

const isFolder = (file: string): boolean => look(file)?.isDirectory() ?? false;

// A folder of PATH that may not be entered is passed over, as a shell does.
const look = (file: string): Stats | undefined => {
	try {
		return statSync(file, {throwIfNoEntry: false});
	} catch {
		return undefined;
	}
};

const unusable = (message: string, hint?: string): ZeoctlError =>
	new ZeoctlError('PROGRAM_UNUSABLE', message, hint === undefined ? {} : {hint});
