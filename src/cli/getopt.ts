import {ZeoctlError} from '../platform/errors.js';
import {type Flag, flags} from './flags.js';

/** One option as it was met: its full spelling (`-C`, `--configure`) and its value, empty if it takes none. */
export type Option = {readonly spelling: string; readonly value: string};

/**
 * Splits a command line by the rules of Python's getopt, which zdaemon uses: options stop at the first other
 * word, short ones may be bundled and carry a glued value, long ones may be shortened to any unambiguous prefix.
 * Error texts are getopt's.
 */
export const splitOptions = (
	words: readonly string[],
): {readonly options: readonly Option[]; readonly rest: readonly string[]} => {
	const options: Option[] = [];
	let index = 0;
	const next = (spelling: string): string => {
		const value = words[++index];
		if (value === undefined) throw usage(`option ${spelling} requires argument`);
		return value;
	};

	for (; index < words.length; index++) {
		const word = words[index] ?? '';
		if (word === '--') return {options, rest: words.slice(index + 1)};
		if (word === '-' || !word.startsWith('-')) break;
		if (word.startsWith('--')) options.push(longOption(word.slice(2), next));
		else options.push(...shortOptions(word.slice(1), next));
	}
	return {options, rest: words.slice(index)};
};

const all: readonly Flag[] = flags;

const longOption = (word: string, next: (spelling: string) => string): Option => {
	const equals = word.indexOf('=');
	const typed = equals === -1 ? word : word.slice(0, equals);
	const glued = equals === -1 ? undefined : word.slice(equals + 1);
	const flag = matchLong(typed);
	const spelling = `--${flag.long}`;
	if (flag.value !== undefined) return {spelling, value: glued ?? next(spelling)};
	if (glued !== undefined) throw usage(`option ${spelling} must not have an argument`);
	return {spelling, value: ''};
};

const matchLong = (typed: string): Flag => {
	const candidates = all.filter(
		flag => flag.long === typed || (!flag.isNew && flag.long?.startsWith(typed)),
	);
	const [only] = candidates;
	if (!only) throw usage(`option --${typed} not recognized`);
	const exact = candidates.find(flag => flag.long === typed);
	if (exact) return exact;
	if (candidates.length > 1) throw usage(`option --${typed} not a unique prefix`);
	return only;
};

const shortOptions = (bundle: string, next: (spelling: string) => string): Option[] => {
	const options: Option[] = [];
	let left = bundle;
	while (left !== '') {
		const letter = String.fromCodePoint(left.codePointAt(0) ?? 0);
		left = left.slice(letter.length);
		const spelling = `-${letter}`;
		const flag = all.find(({short}) => short === letter);
		if (!flag) throw usage(`option ${spelling} not recognized`);
		if (flag.value === undefined) {
			options.push({spelling, value: ''});
			continue;
		}
		options.push({spelling, value: left === '' ? next(spelling) : left});
		left = '';
	}
	return options;
};

const usage = (message: string): ZeoctlError => new ZeoctlError('USAGE', message);
