import type {Failure} from './failure-kinds.js';
import type {PrintedError} from './python-output.js';

/** An exception that ended a Python program. */
export type Exception = Extract<PrintedError, {printed: 'exception'}>;

/** A failure, without a hint unless one is given. */
export const explain = (failure: Omit<Failure, 'hint'> & {readonly hint?: string}): Failure => ({
	hint: undefined,
	...failure,
});

/** Whether one of the calls (`file function`) on the way to the exception matches. */
export const comesFrom = ({frames}: Exception, pattern: RegExp): boolean =>
	frames.some(frame => pattern.test(frame));
