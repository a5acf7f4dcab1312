import {setFlagsFromString} from 'node:v8';

/**
 * Keeps V8 from compiling again, for speed, what runs often. Where that is a few calls around each system call, it
 * costs 10 MB and a quarter of a second of a processor, which no flood of output is long enough to give back.
 * Returns how to undo it.
 */
export const keepCodePlain = (): (() => void) => {
	setFlagsFromString('--no-opt');
	return () => setFlagsFromString('--opt');
};
