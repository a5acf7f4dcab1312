import {setTimeout as sleep} from 'node:timers/promises';
import {createLogReader} from '../health/log-reader.js';
import {type Evidence, seePhase} from '../health/phase.js';
import {readEffort, readStorages} from '../health/process-evidence.js';
import {appendHistory} from '../history/history.js';
import {systemClock} from '../platform/clock.js';
import type {ServerSettings, StorageSettings} from '../settings/settings.js';
import type {PackWatch} from '../supervisor/ports.js';
import {createPackJobs, type PackJobs} from './running-packs.js';

type PackWatchOptions = {
	readonly storages: readonly StorageSettings[];
	/** Where the server says that a pack has begun; undefined: on its standard error. */
	readonly logFile: string | undefined;
	readonly jobs: PackJobs;
	/** Called once for each wait that finds a pack, and when one is broken off. */
	readonly note: (what: 'wait' | 'break-off', packs: readonly string[]) => void;
};

/** Milliseconds between two looks. */
const lookMs = 250;

/** Files that do not answer for so many milliseconds are on a dead disk, where no pack gets on. */
const patienceMs = 2000;

/** A server that has packed gets so many milliseconds to tell it to whoever has asked for it. */
const answerMs = 1000;

/** What a log says is doubted after so many looks that have seen nothing of it. */
const mostDoubtful = 12;

/** Watches the packs of an instance; undefined where its storages have no files. */
export const watchPacks = (options: {
	readonly storages: readonly StorageSettings[];
	readonly server: ServerSettings | undefined;
	readonly stateDirectory: string;
}): PackWatch | undefined => {
	const {server, stateDirectory} = options;
	const storages = options.storages.filter(({path}) => path !== undefined);
	if (storages.length === 0) return undefined;
	return createPackWatch({
		storages,
		logFile: server?.logFiles?.[0],
		jobs: createPackJobs(stateDirectory),
		note(what, packs) {
			const verb = what === 'wait' ? 'waits for' : 'breaks off';
			appendHistory(stateDirectory, {
				at: systemClock.unixSeconds(),
				event: 'decision',
				decision: what === 'wait' ? 'wait-for-pack' : 'break-off-pack',
				subject: packs.join(', '),
				description: `the stop ${verb} the pack of storage ${packs.join(', ')}`,
				by: 'stop',
			});
		},
	});
};

/** Knows by the server's files, its log and our own jobs whether a pack is under way. */
const createPackWatch = (options: PackWatchOptions): PackWatch => {
	const {jobs, note} = options;
	let seen: readonly string[] = [];
	return {
		async wait(pid, onPacking, signal) {
			seen = [];
			const look = createPackLook(pid, options);
			const isJob = jobs.list().length > 0;
			for (let doubtful = 0; doubtful < mostDoubtful && !signal.aborted; ) {
				const found = await Promise.race([look(), sleep(patienceMs, nothing, {ref: false})]);
				const packs = [...new Set([...found.packs, ...(isJob ? jobs.list() : [])])];
				if (packs.length > 0 && packs.join() !== seen.join()) {
					if (seen.length === 0) note('wait', packs);
					seen = packs;
					onPacking(packs);
				}
				if (packs.length === 0 && !found.isClaimed) {
					if (seen.length > 0) await pause(answerMs, signal);
					return;
				}
				doubtful = packs.length > 0 ? 0 : doubtful + 1;
				await pause(lookMs, signal);
			}
		},
		async end() {
			if (seen.length > 0) note('break-off', seen);
			await jobs.end();
		},
	};
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
	sleep(ms, undefined, {signal}).catch(() => undefined);

type Look = {
	readonly packs: readonly string[];
	/** The log tells of a pack, of which the files may not show anything. */
	readonly isClaimed: boolean;
};

const nothing: Look = {packs: [], isClaimed: false};

const createPackLook = (
	pid: number,
	{storages, logFile}: PackWatchOptions,
): (() => Promise<Look>) => {
	const log = createLogReader();
	let before: Evidence | undefined;
	return async () => {
		const packsInLog = log.read(logFile ?? `/proc/${pid}/fd/2`).size;
		const files = await readStorages(pid, storages, true);
		const now = {isStarting: false, storages: files, packsInLog, ...readEffort(pid)};
		const {activities} = seePhase(before, now);
		before = now;
		return {packs: activities.map(({storage}) => storage), isClaimed: packsInLog > 0};
	};
};
