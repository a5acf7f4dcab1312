import {lstatSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {findFolderFault} from '../platform/folder-fault.js';
import {isRunning, readBootId, readProcessStat} from '../platform/process-stat.js';
import {removeIfPresent, replaceFile} from '../platform/replace-file.js';
import {isGroupAlive} from './process-group.js';

/** A process by what no other process can have. */
export type ProcessIdentity = {
	readonly pid: number;
	/** Clock ticks from the boot to its start. */
	readonly startTicks: number;
	readonly bootId: string;
	/** Pids of another container mean nothing here. */
	readonly pidNamespace: string;
};

/** What a supervisor leaves for a later one: the program that it started. */
export type ProgramRecord = ProcessIdentity & {
	readonly argv: readonly string[];
	/** Unix seconds. */
	readonly startedAt: number;
	/** The file whose lock the program holds as long as it lives. */
	readonly lock: string;
	/** What it was started with, as digests by name; unknown to older versions. */
	readonly facts?: Readonly<Record<string, string>>;
};

const fileOf = (runDirectory: string): string => path.join(runDirectory, 'program');

/**
 * Replaces the record by rename. Not synced: it is worth nothing after a crash of the machine, and that of a process
 * loses no write. Throws where it cannot be written.
 */
export const writeProgramRecord = (runDirectory: string, record: ProgramRecord): void =>
	replaceFile(fileOf(runDirectory), JSON.stringify(record), 0o600);

/** What is to be recorded of a live process; undefined when there is none to be seen. */
export const recordOf = (
	program: Omit<ProgramRecord, Exclude<keyof ProcessIdentity, 'pid'>>,
): ProgramRecord | undefined => {
	const identity = identifyProcess(program.pid);
	return identity && {...program, ...identity};
};

/** Records that there is no program, because the last one has ended. Never throws. */
export const recordNoProgram = (runDirectory: string): void => {
	try {
		replaceFile(fileOf(runDirectory), 'null', 0o600);
	} catch {
		// Then nobody knows.
	}
};

/** Forgets the last program, before another one is started. */
export const removeProgramRecord = (runDirectory: string): void =>
	removeIfPresent(fileOf(runDirectory));

/**
 * The last program; `none` when it has ended under its supervisor, so that whoever has its lock is what it has left
 * behind; `unknown` when a supervisor may have died between the start of one and its record.
 */
export const readProgramRecord = (runDirectory: string): ProgramRecord | 'none' | 'unknown' => {
	try {
		const value: unknown = JSON.parse(readFileSync(fileOf(runDirectory), 'utf8'));
		if (value === null) return 'none';
		return isRecord(value) ? value : 'unknown';
	} catch {
		return 'unknown';
	}
};

/** Whether a program that runs is not recorded, as far as the folder may be read. */
export const isUnrecorded = (runDirectory: string, pid: number): boolean => {
	try {
		const value: unknown = JSON.parse(readFileSync(fileOf(runDirectory), 'utf8'));
		if (isRecord(value) && value.pid === pid) return false;
	} catch (error) {
		if (systemErrorCode(error) !== 'ENOENT') return false;
	}
	// A status may be older than the record, which goes with the program.
	return readProcessStat(pid) !== undefined;
};

const isRecord = (value: unknown): value is ProgramRecord => {
	if (typeof value !== 'object' || value === null) return false;
	const {pid, startTicks, bootId, pidNamespace, argv, startedAt, lock} = value as Partial<
		Record<keyof ProgramRecord, unknown>
	>;
	return (
		[pid, startTicks, startedAt].every(Number.isFinite) &&
		[bootId, pidNamespace, lock].every(text => typeof text === 'string') &&
		Number(pid) > 1 &&
		Array.isArray(argv) &&
		argv.every(word => typeof word === 'string')
	);
};

/** The identity of a live process; undefined when there is none to be seen. */
export const identifyProcess = (pid: number): ProcessIdentity | undefined => {
	const stat = readProcessStat(pid);
	return (
		stat && {pid, startTicks: stat.startTicks, bootId: readBootId(), pidNamespace: ownNamespace()}
	);
};

/** Whether that very process runs, here and now. False also when it cannot be seen. */
export const isAlive = (process: ProcessIdentity): boolean =>
	isOfThisBoot(process) && isRunning(process.pid, process.startTicks);

/** Whether its pid still can mean that process or, after its end, its group: it has not been given to another. */
export const isPidStillIts = (process: ProcessIdentity): boolean => {
	const present = readProcessStat(process.pid);
	return (
		isOfThisBoot(process) && (present === undefined || present.startTicks === process.startTicks)
	);
};

/** Whether that process, or what it has left of its process group, still runs. */
export const hasLeftovers = (process: ProcessIdentity): boolean =>
	isAlive(process) || (isPidStillIts(process) && isGroupAlive(process.pid));

const isOfThisBoot = ({bootId, pidNamespace}: ProcessIdentity): boolean =>
	bootId === readBootId() && pidNamespace === ownNamespace();

const ownNamespace = (): string => {
	try {
		return readlinkSync('/proc/self/ns/pid');
	} catch {
		return '';
	}
};

/**
 * The program of an instance that runs, according to what its last supervisor has left: none where somebody else than
 * we, root or the user of that program can have left it.
 */
export const findRecordedProgram = (runDirectory: string): ProgramRecord | undefined => {
	const record = readProgramRecord(runDirectory);
	return typeof record === 'object' && isAlive(record) && isTrusted(runDirectory, record.pid)
		? record
		: undefined;
};

/** Whether nobody else than we, root or the user of a process can have put something into a folder. */
export const isTrusted = (runDirectory: string, pid: number): boolean => {
	try {
		const owners = [0, process.geteuid?.() ?? 0, statSync(`/proc/${pid}`).uid];
		return findFolderFault(lstatSync(runDirectory), owners) === undefined;
	} catch {
		return false;
	}
};
