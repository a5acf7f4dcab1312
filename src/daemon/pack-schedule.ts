import {hostname} from 'node:os';
import {appendHistory, readHistory} from '../history/history.js';
import {scheduleKey} from '../pack/jitter.js';
import {isRunAlive} from '../pack/run-life.js';
import {findScheduleOwner} from '../pack/schedule-owner.js';
import {systemClock, systemTimers} from '../platform/clock.js';
import type {Settings, StorageSettings} from '../settings/settings.js';
import type {Invocation} from './invocation.js';
import {startPackJob} from './pack-job.js';
import {watchPackSchedule} from './pack-launcher.js';

/** Starts the packs of an instance when they fall due, until it is closed. */
export const schedulePacks = (options: {
	readonly settings: Settings;
	/** All storages of the server. */
	readonly storages: readonly StorageSettings[];
	readonly invocation: Invocation;
	readonly socketPath: string;
	readonly runDirectory: string;
	readonly stateDirectory: string;
	readonly isWanted: () => boolean;
	readonly isServing: () => boolean;
}): {close(): void} => {
	const {settings, storages, invocation, socketPath, isWanted, isServing} = options;
	const {runDirectory, stateDirectory} = options;
	return watchPackSchedule({
		packs: settings.packs,
		storages,
		instance: scheduleKey(hostname(), socketPath),
		isWanted,
		isServing,
		hasOtherOwner: () => findScheduleOwner(settings.configFile).owner !== 'supervisor',
		isAlive: isRunAlive,
		readHistory: () => readHistory(stateDirectory),
		append: record => appendHistory(stateDirectory, record),
		startJob: () => startPackJob({invocation, runDirectory}),
		unixSeconds: systemClock.unixSeconds,
		after: systemTimers.after,
	});
};
