import {findOccupant} from './address.js';
import type {DataFile} from './data-file.js';
import {type Holder, whoHoldsLock} from './holders.js';
import type {ListenAddress} from './listeners.js';
import {type LockResult, lockFileOf} from './lock.js';
import type {Evidence, FileEvidence, LockEvidence} from './verdict.js';
import {findDeletedWriter, findLockOwner, findWriter} from './writers.js';

type Place = {
	readonly files: readonly DataFile[];
	/** Where the server is to listen. */
	readonly addresses: readonly ListenAddress[];
	readonly programLock: string;
	/** What came of taking the locks. */
	readonly result: LockResult;
	/** Look for those, too, who use the database without our lock; not needed where it was ours a moment ago. */
	readonly thorough: boolean;
	readonly rescueCommand: string;
	readonly now: number;
};

/** Collects what speaks against a start, cheapest first, and nothing beyond the first thing that forbids it. */
export const collectEvidence = async (place: Place): Promise<Evidence> => {
	const {files, addresses, programLock, result, thorough, rescueCommand, now} = place;
	const locked = await Promise.all(
		files.map(async ({file, links, isFolder}) => ({
			...{file, links, isFolder},
			lock: await examineLock(lockFileOf(file), result),
			zodbHolder: undefined,
			...{writer: undefined, deletedWriter: undefined},
		})),
	);
	const isOurs = result.result === 'locked';
	const seen: readonly FileEvidence[] = isOurs
		? await Promise.all(
				// Locks may have been deleted together with their file.
				locked.map(each => (thorough || each.links === 0 ? findStrangers(each) : each)),
			)
		: locked;
	return {
		files: seen.map(findDeleted),
		address: isOurs ? await findOccupant(addresses) : undefined,
		programLock: await examineLock(programLock, result),
		rescueCommand,
		now,
	};
};

const examineLock = async (lock: string, result: LockResult): Promise<LockEvidence> => {
	if (result.result === 'locked' || result.lock !== lock) return {lock: 'ours'};
	return result.result === 'held'
		? {lock: 'held', holder: findLockOwner(lock) ?? (await whoHoldsLock(lock)) ?? hidden}
		: {lock: 'unusable', name: lock, reason: result.reason};
};

const hidden: Holder = {visible: false, pid: undefined, uid: undefined};

/** ZODB's lock is tried, too: that of a holder in another container is not listed. */
const findStrangers = async (evidence: FileEvidence): Promise<FileEvidence> => {
	const zodbHolder = await whoHoldsLock(`${evidence.file}.lock`, {crossCheck: true});
	return {...evidence, zodbHolder, writer: zodbHolder ?? findWriter(evidence.file)};
};

/** Nobody else is in the way of a start whose locks are ours. */
const findDeleted = (evidence: FileEvidence): FileEvidence => {
	const {file, lock, zodbHolder, writer} = evidence;
	const isInUse = lock.lock === 'held' || zodbHolder !== undefined || writer !== undefined;
	return isInUse ? {...evidence, deletedWriter: findDeletedWriter(file)} : evidence;
};
