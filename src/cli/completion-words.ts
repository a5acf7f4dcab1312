import {type Flag, flags} from './flags.js';

/** What may follow an action or a flag: one of some words, or something that the shell knows. */
export type Argument =
	| {readonly of: 'words'; readonly words: readonly string[]}
	| {
			readonly of: 'conf-files' | 'files' | 'folders' | 'users' | 'groups' | 'actions' | 'nothing';
	  };

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

/** Both spellings of a flag. */
export const spellings = ({short, long}: Flag): readonly string[] => [
	...(short === undefined ? [] : [`-${short}`]),
	...(long === undefined ? [] : [`--${long}`]),
];

/** The flags that take a value. */
export const valueFlags = (): readonly Flag[] =>
	(flags as readonly Flag[]).filter(flag => flag.value !== undefined);
