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
	/** What else was found out about the end. */
	readonly evidence?: ExitEvidence;
};

/** What is not in an exit status. */
export type ExitEvidence = {
	/**
	 * Whether a server that ended with 0 says so in its log; undefined where its log does not show it. Node reports
	 * some deaths by signal (the real-time ones) as 0.
	 */
	readonly isOrderly?: boolean;
	/** The kernel killed a process of its control group for want of memory, and this one with SIGKILL. */
	readonly outOfMemory?: true;
	/** What became of its memory image: a file, or the program that was given it. */
	readonly core?: string;
	/** After an orderly end: storages whose index does not cover their file, so that the next start must read it. */
	readonly unsavedIndexes?: readonly string[];
};

/** Whether it ended with 0 and its log shows that this was no orderly end. */
const isFalseZero = ({code, evidence}: ExitStatus): boolean =>
	code === 0 && evidence?.isOrderly === false;

/**
 * The status that `exit-codes` is compared with: the exit code, or -1 for any death by signal.
 * (zdaemon's rule; `-1` in a conf therefore matches every signal.)
 */
export const comparableStatus = (status: ExitStatus): number =>
	isFalseZero(status) ? -1 : (status.code ?? -1);

/**
 * One line about an end, in zdaemon's words: `exit status 3`, `terminated by SIGKILL`, and what else is known.
 * `asked`: somebody had asked for it.
 */
export const describeExit = (status: ExitStatus, asked = false): string => {
	const {cause} = status;
	const words = wordsOf(status, asked);
	return cause === undefined ? words : `${words}, restarted because ${cause}`;
};

const wordsOf = (status: ExitStatus, asked: boolean): string => {
	const {code, signal, observed, evidence} = status;
	if (observed === false)
		return code === 0
			? 'ended in order, as its log says; exit status not observable'
			: 'ended; exit status not observable';
	if (isFalseZero(status) && !asked)
		return 'exit status 0, but its log does not say that it ended in order: taken for a crash';
	const words =
		signal === null ? `exit status ${code ?? 0}` : `terminated by ${pythonName(signal)}`;
	const core = evidence?.core === undefined ? '' : `, core dumped: ${evidence.core}`;
	return `${words}${evidence?.outOfMemory ? ' (out of memory)' : ''}${core}`;
};

/** Of the two names of one number Node takes the other. */
const pythonName = (signal: string): string => (signal === 'SIGIO' ? 'SIGPOLL' : signal);
