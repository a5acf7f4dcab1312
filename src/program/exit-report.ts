/**
 * How a process ended, as far as the operating system told: exactly one of `code` and `signal` is set. Of a process
 * that was no child of ours nothing is told (`observed: false`): its code is 0 if it said itself that it ends in
 * order, else both are null.
 */
export type ExitStatus = {
	readonly code: number | null;
	readonly signal: string | null;
	readonly observed?: false;
	/** Why the supervisor ended it unasked. */
	readonly cause?: string;
};

/**
 * The status that `exit-codes` is compared with: the exit code, or -1 for any death by signal.
 * (zdaemon's rule; `-1` in a conf therefore matches every signal.)
 */
export const comparableStatus = ({code}: ExitStatus): number => code ?? -1;

/** One line about an end, in zdaemon's words: `exit status 3`, `terminated by SIGKILL`. */
export const describeExit = (status: ExitStatus): string => {
	const {cause} = status;
	return cause === undefined ? wordsOf(status) : `${wordsOf(status)}, restarted because ${cause}`;
};

const wordsOf = ({code, signal, observed}: ExitStatus): string => {
	if (observed === false)
		return code === 0
			? 'ended in order, as its log says; exit status not observable'
			: 'ended; exit status not observable';
	return signal === null ? `exit status ${code ?? 0}` : `terminated by ${signal}`;
};
