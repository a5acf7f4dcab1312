import path from 'node:path';
import {readInterpreter} from '../../program/executable.js';
import {locateProgram} from '../../program/locate.js';
import {commandOfScript} from '../../settings/launch-script.js';
import {readIfSeen} from './seen-files.js';

export type FoundPython = {
	readonly python: string;
	/** The folders that a script of it adds to where modules are looked for. */
	readonly paths: readonly string[];
	/** What it gets: with the variables that the program line sets. */
	readonly environment: ProgramPlace['environment'];
};

export type ProgramPlace = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly directory: string;
};

/** A wrapper of a wrapper of a wrapper is as far as anybody goes. */
const deepestWrapper = 3;

/**
 * The Python that a program line runs: named itself, by the `#!` line of a script, or by a wrapper script or a
 * launcher (`env`, `nice`) of one. Undefined where none is to be seen.
 */
export const findPython = (
	words: readonly string[],
	place: ProgramPlace,
	depth = 0,
): FoundPython | undefined => {
	const {environment} = place;
	const file = locate(words[0], place);
	if (file === undefined || depth > deepestWrapper) return undefined;
	if (isPython(file)) return {python: file, paths: [], environment};
	const interpreter = readInterpreter(file);
	if (interpreter === undefined) return findLaunched(words.slice(1), place, depth);
	const text = readIfSeen(file);
	const name = path.basename(interpreter) === 'env' ? secondWord(text) : interpreter;
	const python = locate(name, place);
	if (python !== undefined && isPython(python))
		return {python, paths: readPaths(text), environment};
	const inner = commandOfScript({file, text, environment});
	return inner && findPython(inner, place, depth + 1);
};

/** A launcher names the program after words of its own, of which `NAME=value` is for the program. */
const findLaunched = (
	words: readonly string[],
	place: ProgramPlace,
	depth: number,
): FoundPython | undefined => {
	const next = words.findIndex(word => /^(?:runzeo|python|pypy)/.test(path.basename(word)));
	if (next < 0) return undefined;
	const environment = {...place.environment, ...readVariables(words.slice(0, next))};
	return findPython(words.slice(next), {...place, environment}, depth + 1);
};

const readVariables = (words: readonly string[]): Readonly<Record<string, string>> =>
	Object.fromEntries(
		words.flatMap(word => {
			const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
			return name === undefined || value === undefined ? [] : [[name, value]];
		}),
	);

const isPython = (file: string): boolean => /^(?:python|pypy)[\d.]*$/.test(path.basename(file));

const locate = (
	word: string | undefined,
	{environment, directory}: ProgramPlace,
): string | undefined => {
	try {
		return locateProgram(word, environment['PATH'], directory);
	} catch {
		return undefined;
	}
};

const secondWord = (text: string): string | undefined => /^#!\S+\s+(?:-S\s+)?(\S+)/.exec(text)?.[1];

/** Buildout's scripts name the folder of every package: `sys.path[0:0] = [...]`. */
const readPaths = (text: string): readonly string[] => {
	const list = /^sys\.path\[0:0\]\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1] ?? '';
	return [...list.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(match => match[1] ?? match[2] ?? '');
};
