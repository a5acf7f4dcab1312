import type {CommandHelp} from './command.js';
import {exitCodes} from './exit-codes.js';
import {type Flag, flags} from './flags.js';

/** The usage text: what `-h` prints. */
export const renderUsage = (commands: readonly CommandHelp[]): string =>
	[
		'zeoctl -- run a program, such as a ZEO server, under supervision',
		'',
		'Usage: zeoctl [-C URL] [-h] [-p PROGRAM] [options] action [arguments]',
		'',
		'Options:',
		...table(flags.map(flag => [renderFlag(flag), flag.text])),
		'',
		'Actions (zeoctl help ACTION tells more):',
		...table(commands.map(({summary, ...command}) => [namesOf(command), summary])),
		'',
		'Exit codes:',
		...exitCodeTable(Object.values(exitCodes)),
		'',
	].join('\n');

/** The help of one command, always in the same order: purpose, usage, options, exit codes, notes. */
export const renderCommandHelp = (command: CommandHelp): string =>
	[
		`${namesOf(command)} -- ${command.summary}`,
		'',
		'Usage:',
		`  zeoctl [options] ${[command.name, command.usage].join(' ').trimEnd()}`,
		...block('Options', table(command.options ?? [])),
		...block('Exit codes', exitCodeTable(command.exitCodes.map(name => exitCodes[name]))),
		...block(
			'Notes',
			(command.notes ?? []).flatMap(note => wrap(note, '  ', '  ')),
		),
		'',
	].join('\n');

/** The list of actions: what `help` prints. */
export const renderActions = (commands: readonly CommandHelp[]): string =>
	[
		'',
		'Documented commands (type help <topic>):',
		'='.repeat(40),
		...table(commands.map(command => [namesOf(command), command.summary])),
		'',
	].join('\n');

const namesOf = ({name, aliases = []}: Pick<CommandHelp, 'name' | 'aliases'>): string =>
	[name, ...aliases].join(', ');

/** As zdaemon writes them: `-C/--configure URL`. */
const renderFlag = ({short, long, value}: Flag): string => {
	const names = [short && `-${short}`, long && `--${long}`].filter(Boolean).join('/');
	return value === undefined ? names : `${names} ${value}`;
};

const block = (title: string, lines: readonly string[]): readonly string[] =>
	lines.length === 0 ? [] : ['', `${title}:`, ...lines];

const exitCodeTable = (
	codes: readonly {readonly code: number; readonly meaning: string}[],
): readonly string[] => table(codes.map(({code, meaning}) => [String(code), meaning]));

/** Two columns, the second wrapped; a long first entry gets a line of its own. */
const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
	const width = Math.min(28, Math.max(0, ...rows.map(([left]) => left.length)));
	const indent = ' '.repeat(width + 4);
	return rows.flatMap(([left, right]) =>
		left.length > width
			? [`  ${left}`, ...wrap(right, indent, indent)]
			: wrap(right, `  ${left.padEnd(width)}  `, indent),
	);
};

const wrap = (text: string, first: string, rest: string): readonly string[] => {
	const lines: string[] = [];
	let line = first;
	for (const word of text.split(' ')) {
		if (line.length + word.length > 79 && line.trim() !== '') {
			lines.push(line.trimEnd());
			line = rest;
		}
		line += `${word} `;
	}
	return [...lines, line.trimEnd()];
};
