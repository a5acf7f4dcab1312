import {systemReason} from '../platform/errors.js';
import {renderPythonString} from '../platform/python-repr.js';
import type {EventLog} from './event-log.js';
import type {Reporter} from './launch-report.js';
import type {Mode, Place} from './mode.js';

/** Makes this process what the conf says the supervisor is; the original logs the same lines. */
export const settle = (
	{directory, umask}: Place,
	mode: Mode,
	log: EventLog,
	reporter: Reporter,
): void => {
	if (mode === 'detached') {
		log.info('daemonizing the process');
		log.debug('daemon manager forked; parent exiting');
	}
	const warn = (text: string): void => {
		log.warning(text);
		// In the background nobody sees the log's default, which is standard error.
		if (mode === 'detached') reporter.note(text);
	};
	if (directory !== undefined) enter(directory, log, warn);
	// The kernel looks at these bits only; Node refuses numbers that are negative.
	if (umask !== undefined) process.umask(umask & 0o777);
};

/** A folder that cannot be entered is no reason not to serve: the original goes on, too. */
const enter = (directory: string, log: EventLog, warn: (text: string) => void): void => {
	const name = renderPythonString(directory);
	try {
		process.chdir(directory);
		log.info(`set current directory: ${name}`);
	} catch (error) {
		warn(`can't chdir into ${name}: ${systemReason(error)}`);
	}
};
