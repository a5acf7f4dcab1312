import {statSync} from 'node:fs';
import {recordDatabases} from '../guard/check-databases.js';
import {renderHolder} from '../guard/describe-holder.js';
import type {Holder} from '../guard/holders.js';
import {readEnd} from '../guard/pack-log.js';
import {findReader} from '../guard/readers.js';
import {findWriter} from '../guard/writers.js';
import type {HistoryRecord} from '../history/history.js';
import {findLastPack} from '../pack/broken.js';
import {type JobPorts, usualLimits} from '../pack/job-ports.js';
import type {PackFiles, PackTarget} from '../pack/target.js';
import {renderBytes} from '../platform/quantities.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {ServerPlace} from '../settings/server-place.js';
import type {ServerSettings} from '../settings/settings.js';
import {fileStorage} from '../storage/zeo.js';
import {blobCopies, freeBytes} from './pack-disks.js';
import type {ReachableServer} from './pack-server.js';
import type {System} from './system.js';

/** What the packs of one run have to do with. */
export type PackWorld = {
	readonly system: System;
	serverOf(target: PackTarget): ReachableServer;
	/** Undefined: on another machine. */
	readonly local:
		| {
				readonly server: ServerSettings;
				readonly place: ServerPlace;
				/** `zeoctl` for the instance, without an action. */
				readonly command: readonly string[];
		  }
		| undefined;
	readonly diskFloor: number;
	history(): readonly HistoryRecord[];
	/** Whether it was written. */
	append(record: HistoryRecord): boolean;
};

/** The real world around the pack of one storage. */
export const packJobPorts = (world: PackWorld): JobPorts => {
	const {system, local} = world;
	const {clock} = system;
	const now = (): number => clock.now() / 1000;
	const describe = (holder: Holder | undefined): string | undefined =>
		holder && renderHolder(holder, now());
	return {
		now,
		wait: (ms, signal) => waitOn(clock, ms, signal),
		kind: fileStorage,
		open: (target, options) => world.serverOf(target).open(target.storage, options),
		ask: (target, signal) => world.serverOf(target).ask(target.storage, signal),
		freeBytes,
		blobCopies,
		findWriter: file => describe(findWriter(file)),
		findReader: file => describe(findReader(file)),
		isHeld,
		readLog: () => logsOf(local).map(readEnd).join('\n'),
		recordDatabase: async storage => (local ? recordStorage(local, storage) : []),
		repair: ({dataPath}) => renderShellCommand(['mv', fileStorage.oldPath(dataPath), dataPath]),
		lastPack: storage => findLastPack(world.history(), storage),
		alarm(storage, text) {
			world.append({at: now(), event: 'alarm', alarm: 'disk', text: `${storage}: ${text}`});
			system.stderr.write(`${text}\n`);
		},
		renderBytes,
		command: (...words) =>
			local === undefined ? null : renderShellCommand([...local.command, ...words]),
		diskFloor: world.diskFloor,
		limits: usualLimits,
	};
};

const waitOn = (clock: System['clock'], ms: number, signal: AbortSignal): Promise<void> =>
	new Promise((resolve, reject) => {
		if (signal.aborted) {
			reject(signal.reason);
			return;
		}
		const abort = (): void => {
			cancel();
			reject(signal.reason);
		};
		const cancel = clock.after(ms, () => {
			signal.removeEventListener('abort', abort);
			resolve();
		});
		signal.addEventListener('abort', abort, {once: true});
	});

/** The descriptors of other users' processes are not to be seen. */
const isHeld = ({dataPath}: PackFiles): boolean | undefined => {
	const owner = statSync(dataPath, {throwIfNoEntry: false})?.uid;
	const user = process.geteuid?.();
	if (user !== 0 && user !== owner) return undefined;
	return [dataPath, fileStorage.packPath(dataPath)].some(file => findWriter(file) !== undefined);
};

const logsOf = (local: PackWorld['local']): readonly string[] =>
	local === undefined ? [] : [...new Set([...(local.server.logFiles ?? []), ...local.place.logs])];

const recordStorage = (
	{server, place, command}: NonNullable<PackWorld['local']>,
	storage: string,
): Promise<readonly string[]> =>
	recordDatabases(
		{storages: server.storages.filter(({name}) => name === storage)},
		{...place, kind: fileStorage, command, why: 'pack'},
	);
