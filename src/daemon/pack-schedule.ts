import {hostname} from 'node:os';
import {appendHistory, readHistory} from '../history/history.js';
import {instanceName} from '../pack/jitter.js';
import {isRunAlive} from '../pack/run-life.js';
import {findScheduleOwner} from '../pack/schedule-owner.js';
import {systemClock, systemTimers} from '../platform/clock.js';
import {reportVariable} from '../program/environment.js';
import type {Settings, StorageSettings} from '../settings/settings.js';
import {startPackJob} from './pack-job.js';
import {watchPackSchedule} from './pack-launcher.js';

/** Starts the packs of an instance when they fall due, until it is closed. */
export const schedulePacks = (options: {
	readonly settings: Settings;
	/** All storages of the server. */
	readonly storages: readonly StorageSettings[];
	/** The words of the command line before the action. */
	readonly flags: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Where the flags count from. */
	readonly cwd: string;
	readonly socketPath: string;
	readonly runDirectory: string;
	readonly stateDirectory: string;
	readonly isWanted: () => boolean;
	readonly isServing: () => boolean;
}): {close(): void} => {
	const {settings, storages, flags, environment, cwd, socketPath, isWanted, isServing} = options;
	const {runDirectory, stateDirectory} = options;
	const [node, script = 'zeoctl'] = process.argv;
	return watchPackSchedule({
		packs: settings.packs,
		storages,
		instance: instanceName(hostname(), socketPath),
		isWanted,
		isServing,
		hasOtherOwner: () => findScheduleOwner(settings.configFile).owner !== 'supervisor',
		isAlive: isRunAlive,
		readHistory: () => readHistory(stateDirectory),
		append: record => appendHistory(stateDirectory, record),
		startJob: () =>
			startPackJob({
				command: [node ?? process.execPath, script, ...flags],
				environment: jobEnvironment(environment),
				cwd,
				runDirectory,
			}),
		unixSeconds: systemClock.unixSeconds,
		after: systemTimers.after,
	});
};

/** What systemd and a launcher gave to the supervisor alone is not the job's. */
const jobEnvironment = (
	environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
	Object.fromEntries(
		Object.entries(environment).filter(
			(entry): entry is [string, string] =>
				entry[1] !== undefined &&
				entry[0] !== reportVariable &&
				!/^(?:NOTIFY_SOCKET$|WATCHDOG_|LISTEN_)/.test(entry[0]),
		),
	);
