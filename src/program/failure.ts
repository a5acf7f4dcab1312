import {renderForTerminal} from '../platform/terminal-text.js';
import {decodeException} from './failure-exceptions.js';
import {decodeExecution} from './failure-execution.js';
import type {Failure, FailureEvidence} from './failure-kinds.js';
import {decodePrintedError} from './failure-messages.js';
import {findPrintedError} from './python-output.js';

/**
 * Why a start failed, from the end of the program and its last words. Knows what runzeo (ZEO 4 to 6), ZConfig, Python
 * and shells print; of any other program it tells how it ended.
 */
export const decodeFailure = ({output, ...rest}: FailureEvidence): Failure => {
	const evidence = {
		...rest,
		output: output.map(line => renderForTerminal(line.slice(0, longestLine))),
	};
	return (
		decodeExecution(evidence) ??
		decodeDeadlySignal(evidence) ??
		decodeOutput(evidence) ??
		decodeEnd(evidence)
	);
};

/** Characters of a line that are looked at: an error with a path in it is shorter. */
const longestLine = 8192;

const decodeOutput = (evidence: FailureEvidence): Failure | undefined => {
	const printed = findPrintedError(evidence.output);
	if (printed === undefined || evidence.exit?.code === 0) {
		return undefined;
	}

	return printed.printed === 'error'
		? decodePrintedError(printed.message, evidence)
		: decodeException(printed, evidence);
};

/** Signals that no last word explains better. */
const decodeDeadlySignal = ({exit, output}: FailureEvidence): Failure | undefined => {
	switch (exit?.signal) {
		case 'SIGKILL':
			return {
				kind: 'killed',
				cause:
					'the program was killed by SIGKILL: by a person, or by the kernel for want of memory',
				subject: {},
				hint: "journalctl -k --grep 'out of memory|oom-kill'",
			};
		case 'SIGSEGV':
		case 'SIGABRT':
		case 'SIGBUS':
		case 'SIGILL':
		case 'SIGFPE':
			return {
				kind: 'signal',
				cause: `the program crashed with ${exit.signal}${renderFatal(output)}`,
				subject: {},
				hint: undefined,
			};
		default:
			return undefined;
	}
};

const renderFatal = (output: readonly string[]): string => {
	const fatal = output.findLast(line => line.startsWith('Fatal Python error: '));
	return fatal === undefined ? ' (a defect of Python or of a compiled package)' : `: ${fatal}`;
};

const decodeEnd = ({exit}: FailureEvidence): Failure => {
	if (exit === undefined) {
		return {
			kind: 'not-ready',
			cause: 'the program runs, but it is not ready yet',
			subject: {},
			hint: undefined,
		};
	}

	return exit.signal === null
		? {
				kind: 'exit',
				cause:
					exit.code === 0
						? 'the program ended at once, without an error (exit status 0)'
						: `the program ended with exit status ${exit.code}`,
				subject: {},
				hint: undefined,
			}
		: {
				kind: 'signal',
				cause: `the program was ended by ${exit.signal} before it was ready`,
				subject: {},
				hint: undefined,
			};
};
