import {constants} from 'node:os';
import {checkGroups} from './doctor/check.js';
import {type Flag, flags} from './flags.js';

/** What may follow an action or a flag: one of some words, or something that the shell knows. */
export type Argument =
	| {readonly of: 'words'; readonly words: readonly string[]}
	| {readonly of: 'conf-files' | 'files' | 'folders' | 'users' | 'actions' | 'nothing'};

/** What completes the value of a flag. */
export const flagArgument = ({long}: Flag): Argument => {
	switch (long) {
		case 'configure':
			return {of: 'conf-files'};
		case 'user':
			return {of: 'users'};
		case 'directory':
			return {of: 'folders'};
		case 'socket-name':
		case 'transcript':
		case 'logfile':
		case 'schema':
		case 'program':
		case 'start-test-program':
			return {of: 'files'};
		default:
			return {of: 'nothing'};
	}
};

/** What completes the words after an action. */
export const actionArgument = (action: string): Argument => {
	switch (action) {
		case 'status':
			return {of: 'words', words: ['-l', '--strict', '--json']};
		case 'kill':
			return {of: 'words', words: Object.keys(constants.signals).map(name => name.slice(3))};
		case 'show':
			return {of: 'words', words: ['options', 'runtime', 'all', '--json']};
		case 'pack':
			return {
				of: 'words',
				words: ['history', '--days', '--time', '--dry-run', '--server', '--json'],
			};
		case 'doctor':
			return {of: 'words', words: [...checkGroups, '--json']};
		case 'completion':
			return {of: 'words', words: ['bash', 'zsh']};
		case 'help':
			return {of: 'actions'};
		case 'logtail':
		case 'fg':
		case 'foreground':
			return {of: 'files'};
		default:
			return {of: 'words', words: ['--json']};
	}
};

/** Both spellings of a flag. */
export const spellings = ({short, long}: Flag): readonly string[] => [
	...(short === undefined ? [] : [`-${short}`]),
	...(long === undefined ? [] : [`--${long}`]),
];

/** The flags that take a value. */
export const valueFlags = (): readonly Flag[] =>
	(flags as readonly Flag[]).filter(flag => flag.value !== undefined);
