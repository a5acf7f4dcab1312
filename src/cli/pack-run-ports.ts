import {randomBytes} from 'node:crypto';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {takeLocks} from '../guard/lock.js';
import type {HistoryRecord} from '../history/history.js';
import type {PackBeginRecord} from '../history/pack-record.js';
import {findBrokenRuns} from '../pack/broken.js';
import {packStorage} from '../pack/job.js';
import type {JobPorts} from '../pack/job-ports.js';
import type {RunLock, RunPorts} from '../pack/run.js';
import {settleBrokenRun} from '../pack/settle-broken.js';
import type {PackTarget} from '../pack/target.js';
import {isRunning, readBootId, readProcessStat} from '../platform/process-stat.js';
import {renderTime} from '../platform/quantities.js';
import {type PackWorld, packJobPorts} from './pack-job-ports.js';

/** The real world around a run of packs. `lockFolder`: that of the instance; undefined where there is none. */
export const packRunPorts = (
	world: PackWorld,
	{
		lockFolder,
		targets,
	}: {readonly lockFolder: string | undefined; readonly targets: readonly PackTarget[]},
): RunPorts => {
	const ports = packJobPorts(world);
	const {pid} = world.system;
	return {
		now: ports.now,
		process: {pid, startTicks: readProcessStat(pid)?.startTicks ?? 0, boot: readBootId()},
		newRun: () => `${Math.floor(ports.now()).toString(36)}-${randomBytes(4).toString('hex')}`,
		lock: () => lockRuns(lockFolder, world),
		inodes: wanted => inodesOf(wanted, ports),
		append: world.append,
		settleBroken: signal => settleBroken(world, {targets, signal}, ports),
		packStorage: (target, options) => packStorage(target, options, ports),
	};
};

/** The one lock of all packs of an instance; nobody writes or removes the file. */
const lockRuns = async (folder: string | undefined, world: PackWorld): Promise<RunLock> => {
	if (folder === undefined) return {result: 'locked', release: () => undefined};
	const taken = await takeLocks([{lock: path.join(folder, 'pack-lock'), shared: false}]);
	switch (taken.result) {
		case 'locked':
			return {result: 'locked', release: () => taken.locks.close()};
		case 'held':
			// Who has only just taken it has then said so in the history.
			await sleep(1000);
			return {result: 'held', by: describeRun(world.history().findLast(isUnderWay))};
		case 'unusable':
			return {result: 'unusable', reason: `'${taken.lock}': ${taken.reason}`};
	}
};

const isUnderWay = (record: HistoryRecord): record is PackBeginRecord =>
	record.event === 'pack-begin' && isAlive(record);

const describeRun = (begin: PackBeginRecord | undefined): string =>
	begin === undefined
		? 'it has only just begun'
		: `process ${begin.pid}, asked for by ${begin.by}, since ${renderTime(begin.at)}`;

const isAlive = ({pid, startTicks, boot}: PackBeginRecord): boolean =>
	boot === readBootId() && isRunning(pid, startTicks);

const inodesOf = (
	targets: readonly PackTarget[],
	{kind}: JobPorts,
): Readonly<Record<string, string>> =>
	Object.fromEntries(
		targets.flatMap(({storage, files}) => {
			const inode = files && kind.glance(files.dataPath).data?.inode;
			return inode === undefined ? [] : [[storage, inode]];
		}),
	);

const settleBroken = async (
	world: PackWorld,
	where: {readonly targets: readonly PackTarget[]; readonly signal: AbortSignal},
	ports: JobPorts,
): Promise<void> => {
	for (const broken of findBrokenRuns(world.history(), isAlive)) {
		const records = await settleBrokenRun(broken, where, ports);
		for (const record of records) world.append(record);
		const {run, slot} = broken.begin;
		world.append({at: ports.now(), event: 'pack-end', run, slot});
	}
};

/** Records what became of runs that were broken off, unless another run is under way, which does so itself. */
export const settleBrokenRuns = async (
	world: PackWorld,
	{
		lockFolder,
		...where
	}: {
		readonly lockFolder: string;
		readonly targets: readonly PackTarget[];
		readonly signal: AbortSignal;
	},
): Promise<void> => {
	if (findBrokenRuns(world.history(), isAlive).length === 0) return;
	const lock = await lockRuns(lockFolder, world);
	if (lock.result !== 'locked') return;
	try {
		await settleBroken(world, where, packJobPorts(world));
	} finally {
		lock.release();
	}
};
