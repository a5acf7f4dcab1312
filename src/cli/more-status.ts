import {statSync} from 'node:fs';
import type {LastExit, Status} from '../control/messages.js';
import {runDirectoryOf} from '../control/snapshot.js';
import {listGroup} from '../guard/program-group.js';
import {recordedInode} from '../guard/recorded-inode.js';
import {isUnrecorded} from '../program/program-record.js';
import {hasDeletedFiles} from '../storage/deleted-files.js';
import type {InstanceContext} from './command.js';
import type {StorageFacts} from './facts.js';
import type {Seen} from './instance.js';
import type {FoundAlarm} from './status-findings.js';
import type {UnitView} from './view-unit.js';

/** What no supervisor tells, but a command can see. */
export type MoreStatus = {
	/** How the last life ended, where no supervisor knows. */
	readonly lastEnd: LastExit | null;
	/** The service of systemd that is installed for the conf, else the one that the supervisor is; null without one. */
	readonly unit: UnitView | null;
	/** Of packs and mail, of the run state, of a server whose health nobody watches, and of one that is in the way. */
	readonly alarms: readonly FoundAlarm[];
};

export const nothingMore: MoreStatus = {lastEnd: null, unit: null, alarms: []};

/**
 * Looks at the history where nobody supervises, and at the files of a server that nobody watches if a data file is
 * missing or another one than the ledger has, or if it has deleted files open: as long as all is well this costs two
 * small reads for each storage, one for each descriptor and each thread, and one for the record of the program. With a
 * `<pack>` it reads the history.
 */
export const findMore = async (
	context: InstanceContext,
	reached: Seen,
	storages: readonly StorageFacts[],
): Promise<MoreStatus> => {
	const isAlone = reached.contact !== 'session';
	const unit = await findUnit(context, isAlone ? undefined : reached.status.manager);
	const isWatched = !isAlone && (reached.status.health !== null || reached.status.pid === null);
	const pid = isAlone ? reached.program?.pid : reached.status.pid;
	const isSuspect =
		typeof pid === 'number' &&
		!isWatched &&
		(storages.some(isOdd) || listGroup(pid).some(hasDeletedFiles));
	const packAlarms = await findAlarmsOfPacks(context);
	const isLost = !isAlone && lacksRecord(context, reached.status);
	if (!isAlone && !isSuspect && !isLost) return {...nothingMore, unit, alarms: packAlarms};
	const {lookCloser} = await import('./status-findings.js');
	const {lastEnd, alarms} = await lookCloser(context, reached, {isSuspect, isLost});
	return {unit, lastEnd, alarms: [...alarms, ...packAlarms]};
};

/** Managers of zdaemon keep no record. */
const lacksRecord = ({instance}: InstanceContext, {pid, version}: Status): boolean =>
	pid !== null && version !== null && isUnrecorded(runDirectoryOf(instance.socketPath), pid);

const findUnit = async (
	{system, settings}: InstanceContext,
	manager: number | undefined,
): Promise<UnitView | null> => {
	const installed = system.findOwnUnit(settings.configFile);
	const running = manager === undefined ? undefined : system.unitOfProcess(manager);
	if (installed === undefined && running === undefined) return null;
	const {viewUnit} = await import('./view-unit.js');
	return viewUnit(system, {
		...(installed !== undefined && {installed}),
		...(running !== undefined && {running}),
	});
};

const findAlarmsOfPacks = async (context: InstanceContext): Promise<readonly FoundAlarm[]> => {
	const {packs, mail} = context.settings;
	if (packs.length === 0 && mail === undefined) return [];
	const {findPackAlarms} = await import('./status-alarms.js');
	return findPackAlarms(context);
};

/** One that has never been is missing, too, and after somebody's pack it is another file: the closer look tells. */
const isOdd = ({path: file}: StorageFacts): boolean => {
	if (file === null) return false;
	try {
		const {ino} = statSync(file, {bigint: true});
		const recorded = recordedInode(file);
		return recorded !== undefined && recorded !== String(ino);
	} catch {
		return true;
	}
};
