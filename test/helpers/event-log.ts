import type {ExecutionContext} from 'ava';
import {type EventLog, loadEventLog} from '../../src/daemon/event-log.js';
import type {EventLogSettings, LogHandler} from '../../src/settings/settings.js';

type FileHandler = Extract<LogHandler, {type: 'logfile'}>;

/** A `<logfile>` with ZConfig's defaults, except for a format that is easier to compare. */
export const logFile = (path: string, changes: Partial<FileHandler> = {}): FileHandler => ({
	type: 'logfile',
	path,
	level: 0,
	format: '%(levelname)s %(message)s',
	dateFormat: '%Y-%m-%dT%H:%M:%S',
	style: 'classic',
	arbitraryFields: false,
	oldFiles: 0,
	maxSize: 0,
	when: '',
	interval: 0,
	delay: false,
	encoding: undefined,
	...changes,
});

export type OpenedLog = EventLog & {
	readonly printed: {stdout: string; stderr: string};
	/** Unix milliseconds, to be set by the test. */
	readonly clock: {now: number};
};

/** An event log that closes with the test and prints into strings. */
export const openedLog = async (
	t: ExecutionContext<unknown>,
	settings: EventLogSettings | undefined,
	clock = {now: Date.UTC(2026, 10, 23, 12)},
): Promise<OpenedLog> => {
	const printed = {stdout: '', stderr: ''};
	const log = await loadEventLog({
		settings,
		stdout: {
			write: text => {
				printed.stdout += text;
			},
		},
		stderr: {
			write: text => {
				printed.stderr += text;
			},
		},
		now: () => clock.now,
		pid: 4711,
		timeZone: 'UTC',
	});
	t.teardown(() => log.close());
	return {...log, printed, clock};
};
