import {constants} from 'node:os';
import {parsePythonInteger} from '../schema/numbers.js';

export type Signal = {readonly name: string; readonly number: number};

/**
 * The signal that a text names, by zdaemon's rules: any case, with or without `SIG`, or a number; a number stands
 * for the alphabetically first of its names. Undefined for anything else, such as 0.
 */
export const parseSignal = (text: string): Signal | undefined => {
	const number = numberIn(text);
	if (number !== undefined) return byNumber(number);
	const bare = text.startsWith('Signals.') ? text.slice('Signals.'.length) : text;
	const upper = bare.toUpperCase();
	return byName(upper.startsWith('SIG') ? upper : `SIG${upper}`);
};

/** Whether a signal leaves a ZEO server running: it reopens its logs, stops or goes on, or it does not notice. */
export const isHarmless = ({name}: Signal): boolean => harmless.has(name);

const harmless: ReadonlySet<string> = new Set(
	[
		'USR2',
		'CHLD',
		'CLD',
		'PIPE',
		'XFSZ',
		'CONT',
		'STOP',
		'TSTP',
		'TTIN',
		'TTOU',
		'URG',
		'WINCH',
	].map(name => `SIG${name}`),
);

/** The number that a text is to Python. */
const numberIn = (text: string): number | undefined => {
	try {
		return Number(parsePythonInteger(text, 10));
	} catch {
		return undefined;
	}
};

/** The name of a signal number, such as `SIGKILL` for 9. */
const byNumber = (number: number): Signal | undefined => {
	const [name] = Object.entries(allSignals())
		.filter(([, value]) => value === number)
		.map(([key]) => key)
		.sort();
	return name === undefined ? undefined : {name, number};
};

const byName = (name: string): Signal | undefined => {
	const number = allSignals()[name];
	return number === undefined ? undefined : {name, number};
};

/** Python's names: those of the system and three that Node does not list. */
const allSignals = (): Readonly<Record<string, number>> => ({
	...constants.signals,
	SIGCLD: constants.signals.SIGCHLD,
	SIGRTMIN: 34,
	SIGRTMAX: 64,
});
