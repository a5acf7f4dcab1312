import {ConversionError} from './conversion-error.js';
import type {Datatype, Surroundings} from './datatypes.js';

/** `~` and `~user` at the start replaced by the home folder; an unknown user is left as it is. */
export const expandUser = (path: string, {homeOf}: Pick<Surroundings, 'homeOf'>): string => {
	if (!path.startsWith('~')) return path;
	const slash = path.indexOf('/', 1);
	const end = slash === -1 ? path.length : slash;
	const home = homeOf(end === 1 ? undefined : path.slice(1, end));
	return home === undefined ? path : withoutEndSlashes(home) + path.slice(end) || '/';
};

/** Python's `os.path.dirname`. */
export const parentOf = (path: string): string => {
	const head = path.slice(0, path.lastIndexOf('/') + 1);
	return withoutEndSlashes(head) || head;
};

const withoutEndSlashes = (path: string): string => {
	let end = path.length;
	while (path[end - 1] === '/') end--;
	return path.slice(0, end);
};

const existing =
	(what: string): Datatype<string> =>
	(text, surroundings) => {
		const path = expandUser(text, surroundings);
		if (surroundings.exists(path)) return path;
		throw new ConversionError(`${text} is not an existing ${what}`);
	};

export const existingPath: Datatype<string> = existing('path');

/** Only in name: a folder passes, as in ZConfig. */
export const existingFile: Datatype<string> = existing('file');

/** The folder part must exist; a bare name or empty text passes. */
export const existingDirpath: Datatype<string> = (text, surroundings) => {
	const path = expandUser(text, surroundings);
	const parent = parentOf(path);
	if (parent === '' || surroundings.isDirectory(parent)) return path;
	throw missingFolder(text);
};

/** The folder itself or the folder above it must exist. */
export const existingParentDirectory: Datatype<string> = (text, surroundings) => {
	const path = expandUser(text, surroundings);
	if (surroundings.isDirectory(path) || surroundings.isDirectory(parentOf(path))) return path;
	throw new ConversionError(`${text} is not an existing directory`);
};

/** The folder above the file's folder must exist: one level is created on demand. */
export const existingParentDirpath: Datatype<string> = (text, surroundings) => {
	const path = expandUser(text, surroundings);
	const above = parentOf(parentOf(path));
	if (above === '' || surroundings.isDirectory(above)) return path;
	throw missingFolder(text);
};

const missingFolder = (text: string): ConversionError =>
	new ConversionError(`The directory named as part of the path ${text} does not exist.`);
