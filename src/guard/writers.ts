import {readProcessStat} from '../platform/process-stat.js';
import {
	findOldestProcess,
	hasDeleted,
	hasOpen,
	hasOpenOrDeleted,
	identifyFile,
} from './descriptors.js';
import {describeHolder, type Holder} from './holders.js';
import {describeProcess, type ProcessDescription, readText} from './processes.js';

/**
 * The oldest process, other than this one, that has a file open for writing, or one that was deleted under this name,
 * its real path, as far as descriptors can be seen; who only reads does not count. Looks at every process: 5 to 57 ms.
 */
export const findWriter = (file: string): Holder | undefined => {
	const present = identifyFile(file);
	const pid = findOldestProcess(
		candidate =>
			candidate !== process.pid &&
			hasOpenOrDeleted(candidate, file, present, fd => isWriting(candidate, fd)),
	);
	return pid === undefined ? undefined : describeHolder(pid, undefined);
};

/**
 * The oldest process that has a file open for writing which was deleted under this name, its real path: what is in it
 * ends with that process. As far as descriptors can be seen; looks at every process.
 */
export const findDeletedWriter = (file: string): Holder | undefined => {
	const pid = findOldestProcess(candidate =>
		hasDeleted(candidate, file, fd => isWriting(candidate, fd)),
	);
	return pid === undefined ? undefined : describeHolder(pid, undefined);
};

/** Whether a descriptor of a process is open for writing, as far as it can be seen. */
export const isWriting = (pid: number, fd: string): boolean => {
	const flags = /^flags:\s*(\d+)$/m.exec(readText(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1];
	return flags !== undefined && (Number.parseInt(flags, 8) & accessMode) !== 0;
};

/** O_WRONLY and O_RDWR, of which a descriptor for reading has neither. */
const accessMode = 0o3;

/**
 * The oldest process that has a lock of a file by one of its descriptors; those that only wait for it do not count.
 * Undefined when none is to be seen.
 */
export const findLockOwner = (file: string): Holder | undefined => {
	const identity = identifyFile(file);
	const pid =
		identity &&
		findOldestProcess(candidate =>
			hasOpen(candidate, identity, fd =>
				/^lock:/m.test(readText(`/proc/${candidate}/fdinfo/${fd}`) ?? ''),
			),
		);
	return pid === undefined ? undefined : describeHolder(pid, undefined);
};

/** The oldest leader of a process group that has a file open for writing, as the program of a supervisor has its lock. */
export const findLeader = (file: string): ProcessDescription | undefined => {
	const identity = identifyFile(file);
	const pid =
		identity &&
		findOldestProcess(
			candidate =>
				candidate !== process.pid &&
				readProcessStat(candidate)?.group === candidate &&
				hasOpen(candidate, identity, fd => isWriting(candidate, fd)),
		);
	return pid === undefined ? undefined : describeProcess(pid);
};
