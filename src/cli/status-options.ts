import {exitCode} from './exit-codes.js';
import type {Seen} from './instance.js';

export type StatusOptions = {readonly raw: boolean; readonly strict: boolean};

/** What may follow `status`, blanks not counted; undefined for anything else. */
export const parseStatusOptions = (line: string): StatusOptions | undefined => {
	const words = line.split(/\s+/).filter(word => word !== '');
	return words.every(word => word === '-l' || word === '--strict') &&
		new Set(words).size === words.length
		? {raw: words.includes('-l'), strict: words.includes('--strict')}
		: undefined;
};

/** zdaemon's exit status: whether a supervisor answered. */
export const plainExitCode = (reached: Seen): number =>
	exitCode(reached.contact === 'session' ? 'ok' : 'notRunning');

/** The exit status that the LSB asks of init scripts: whether the service runs, be it without a supervisor. */
export const strictExitCode = (reached: Seen): number => {
	if (reached.contact !== 'session')
		return exitCode(reached.program === undefined ? 'notRunning' : 'ok');
	const {state} = reached.status;
	return exitCode(state === 'running' || state === 'starting' ? 'ok' : 'failed');
};
