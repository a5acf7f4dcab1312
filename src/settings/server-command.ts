import path from 'node:path';
import type {FileSystem} from './file-system.js';
import {commandOfScript} from './launch-script.js';

/** The options of a `runzeo` command line, as far as they say what is served. */
export type ServerCommand = {
	readonly configure: string | undefined;
	readonly address: string | undefined;
	readonly filenames: readonly string[];
	readonly timeout: string | undefined;
	readonly pidFile: string | undefined;
	/** `-X PATH=VALUE`. */
	readonly specifiers: readonly string[];
};

export type CommandPlace = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Folder that the program runs in. */
	readonly directory: string;
	readonly fileSystem: FileSystem;
};

/** A wrapper of a wrapper of a wrapper is as far as anybody goes. */
const deepestWrapper = 3;

/** Commands that run another one given by their last words. */
const launchers =
	/^(?:env|nice|ionice|chrt|taskset|nohup|setsid|setpriv|exec|time|stdbuf|sudo|gosu|numactl)$/;

/** The options of the `runzeo` that a command line runs, directly or through a wrapper; undefined for other programs. */
export const findServerCommand = (
	words: readonly string[],
	place: CommandPlace,
): ServerCommand | undefined => {
	const found = runzeoArguments(words, place, 0);
	return found && parseArguments(found);
};

const runzeoArguments = (
	words: readonly string[],
	place: CommandPlace,
	depth: number,
): readonly string[] | undefined => {
	const [command = '', ...rest] = words;
	const name = path.basename(command);
	if (launchers.test(name)) {
		const next = rest.findIndex(word =>
			/^runzeo(?:\.py)?$|^python|^pypy/.test(path.basename(word)),
		);
		return next === -1 ? undefined : runzeoArguments(rest.slice(next), place, depth);
	}
	if (/^(?:python|pypy)[\d.]*$/.test(name)) return pythonArguments(rest, place, depth);
	const isRunzeo = /^runzeo(?:\.py)?$/.test(name);
	if (isRunzeo && saysWhatIsServed(rest)) return rest;
	const inner = depth < deepestWrapper ? scriptCommand(command, place) : undefined;
	if (inner && path.basename(inner[0] ?? '') === 'runzeo' && !inner[0]?.includes('/')) {
		return [...inner.slice(1), ...rest];
	}
	const wrapped = inner && runzeoArguments([...inner, ...rest], place, depth + 1);
	return wrapped ?? (isRunzeo ? rest : undefined);
};

const saysWhatIsServed = (words: readonly string[]): boolean => {
	const {configure, address} = parseArguments(words);
	return configure !== undefined || address !== undefined;
};

const pythonArguments = (
	words: readonly string[],
	place: CommandPlace,
	depth: number,
): readonly string[] | undefined => {
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? '';
		if (!word.startsWith('-')) return runzeoArguments(words.slice(index), place, depth);
		const module = /^-[a-zA-Z]*?m(.*)$/.exec(word);
		if (module && !word.startsWith('--')) {
			const isGlued = module[1] !== '';
			const name = isGlued ? module[1] : words[index + 1];
			return name === 'ZEO.runzeo' ? words.slice(index + (isGlued ? 1 : 2)) : undefined;
		}
		if (/^-[a-zA-Z]*[WX]$/.test(word)) index++;
	}
	return undefined;
};

const scriptCommand = (command: string, place: CommandPlace): readonly string[] | undefined => {
	const {environment, fileSystem} = place;
	for (const file of candidates(command, place)) {
		if (!fileSystem.exists(file)) continue;
		try {
			const text = Buffer.from(fileSystem.readFile(file)).toString('latin1');
			if (text.length > 100_000) return undefined;
			return commandOfScript({file, text: Buffer.from(text, 'latin1').toString(), environment});
		} catch {
			// What cannot be read cannot be understood; running it is another matter.
			return undefined;
		}
	}
	return undefined;
};

const candidates = (command: string, {environment, directory}: CommandPlace): string[] => {
	if (command === '') return [];
	if (command.includes('/')) return [path.resolve(directory, command)];
	const folders = (environment['PATH'] ?? '').split(':').filter(folder => folder.startsWith('/'));
	return folders.map(folder => path.join(folder, command));
};

const longOptions = [
	'help',
	'version',
	'configure=',
	'test',
	'address=',
	'filename=',
	'timeout=',
	'pid-file=',
];

/** As Python's getopt: options end at the first other word; long ones may be shortened. */
const parseArguments = (words: readonly string[]): ServerCommand => {
	const values = new Map<string, string[]>();
	const add = (option: string, value: string | undefined): void => {
		if (value !== undefined) values.set(option, [...(values.get(option) ?? []), value]);
	};
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? '';
		if (!word.startsWith('-') || word === '-' || word === '--') break;
		const {option, value, needsNext} = word.startsWith('--')
			? longOption(word)
			: shortOptions(word);
		if (option !== undefined) add(option, needsNext ? words[++index] : value);
	}
	const last = (option: string): string | undefined => values.get(option)?.at(-1);
	return {
		configure: last('C'),
		address: last('a'),
		filenames: values.get('f') ?? [],
		timeout: last('t'),
		pidFile: last('pid-file'),
		specifiers: values.get('X') ?? [],
	};
};

type ParsedOption = {
	readonly option?: string;
	readonly value?: string;
	readonly needsNext?: boolean;
};

const longOption = (word: string): ParsedOption => {
	const equals = word.indexOf('=');
	const name = word.slice(2, equals === -1 ? undefined : equals);
	const [known, ...others] = longOptions.filter(option => option.startsWith(name));
	if (!known?.endsWith('=') || others.length > 0) return {};
	const short: Readonly<Record<string, string>> = {
		'configure=': 'C',
		'address=': 'a',
		'filename=': 'f',
		'timeout=': 't',
	};
	const option = short[known] ?? 'pid-file';
	return equals === -1 ? {option, needsNext: true} : {option, value: word.slice(equals + 1)};
};

const shortOptions = (word: string): ParsedOption => {
	// `h` takes no value and ends in the help text, so only the letter behind it can matter.
	const match = /^-h*([CXaft])(.*)$/s.exec(word);
	const [, option, value] = match ?? [];
	if (option === undefined) return {};
	return value ? {option, value} : {option, needsNext: true};
};
