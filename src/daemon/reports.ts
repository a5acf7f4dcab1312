import {systemClock, systemTimers} from '../platform/clock.js';
import {programEnvironment} from '../program/environment.js';
import type {LaunchOrder} from '../supervisor/report.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {EventLog} from './event-log.js';
import {hasWaitingMail, runMailChild, watchMail} from './mail-child.js';

/** Reports and mail are the work of short-lived children; nothing of it is in this process. */
export const watchReports = ({
	settings,
	environment,
	cwd,
	reading,
	supervisor,
	socketPath,
	stateDirectory,
	log,
}: Pick<LaunchOrder, 'settings' | 'reading'> & {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly supervisor: Supervisor;
	readonly socketPath: string;
	readonly stateDirectory: string;
	readonly log: EventLog;
}): {close(): void} => {
	const {mail, configFile} = settings;
	const script = process.argv[1];
	if (mail === undefined || configFile === undefined || script === undefined)
		return {close: () => undefined};
	const flags = reading?.flags ?? [];
	const words = flags.length > 0 ? flags : ['-C', configFile, '-s', socketPath];
	const command = [process.execPath, script, ...words] as const;
	const variables = programEnvironment(environment, settings.environment);
	return watchMail({
		watch: listener => supervisor.watch(listener),
		after: systemTimers.after,
		monotonicMs: systemClock.monotonicMs,
		hasWaiting: () => hasWaitingMail(stateDirectory),
		run: () =>
			runMailChild({command, environment: variables, cwd, warn: text => log.warning(text)}),
	});
};
