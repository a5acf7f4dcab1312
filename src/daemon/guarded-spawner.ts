import {findDataFiles} from '../guard/data-file.js';
import {collectEvidence} from '../guard/evidence.js';
import type {LockResult, Locks} from '../guard/lock.js';
import {planLocks, programLockOf} from '../guard/plan-locks.js';
import {decide} from '../guard/verdict.js';
import {findLeader} from '../guard/writers.js';
import {systemClock} from '../platform/clock.js';
import {errorMessage} from '../platform/errors.js';
import {adoptProgram} from '../program/adopted.js';
import {
	findRecordedProgram,
	hasLeftovers,
	isAlive,
	type ProgramRecord,
	readProgramRecord,
	recordNoProgram,
	recordOf,
	removeProgramRecord,
	writeProgramRecord,
} from '../program/program-record.js';
import {type SpawnPlan, spawnProgram} from '../program/spawn.js';
import type {ProgramExit, Spawner, SpawnOutcome} from '../supervisor/ports.js';
import type {DatabaseGuard} from './database-guard.js';
import {type EndEvidence, watchLife} from './end-evidence.js';
import {compareLaunches, type LaunchFacts} from './launch-facts.js';
import type {LockLine} from './lock-line.js';
import type {ServedWatch} from './served.js';

type GuardedSpawnerOptions = {
	readonly plan: SpawnPlan;
	/** What the program is started with, for later supervisors to compare. */
	readonly facts: LaunchFacts;
	readonly runDirectory: string;
	/** The folder that the program runs in; it may be removed under it. */
	readonly directory: string;
	readonly served: Pick<ServedWatch, 'last' | 'look'>;
	readonly line: LockLine;
	readonly databases: Pick<DatabaseGuard, 'check'>;
	/** Called before each start, which then takes the output that the plan has. */
	readonly prepareOutput: () => void;
	/** Called when a program runs that has it. */
	readonly noteOutput: () => void;
	/** Called when an output begins that belongs to this supervisor. */
	readonly markStart: () => void;
	readonly lastLines: () => readonly string[];
	/** Where a server says that it ends. */
	readonly logFiles: readonly string[];
	/** Whether the program is known to be a ZEO server. */
	readonly isServer: boolean;
	/** What copies a deleted database out of its server, as a person types it. */
	readonly rescueCommand: string;
	/** Adds to the program's output. */
	readonly write: (text: string) => void;
	readonly warn: (text: string) => void;
	/** Steps of a start, for those who want to know how far it has come. */
	readonly trace?: ((step: SpawnStep) => void) | undefined;
};

export type SpawnStep = 'locked' | 'unrecorded' | 'spawned' | 'recorded';

export type GuardedSpawner = Spawner & {
	/** Whether the pid in the status still is the program's. */
	isCurrent(): boolean;
	/** What the present program was started with other values of. */
	outdated(): readonly string[];
	/** What to type after the last refusal. */
	advice(): {readonly hint?: string};
	/** The program has ended for good. */
	forget(): void;
};

/**
 * Starts programs under the guard: adopts the one that an earlier supervisor has left, refuses where another process
 * has the database, and gives each program the locks that it holds for life.
 */
export const createGuardedSpawner = (options: GuardedSpawnerOptions): GuardedSpawner => {
	const {plan, facts, runDirectory, directory, served, line, databases} = options;
	const {prepareOutput, noteOutput, markStart, lastLines, write, warn, trace, rescueCommand} =
		options;
	const programLock = programLockOf(runDirectory);
	let isFirst = true;
	let adopted: ProgramRecord | undefined;
	let hint: string | undefined;
	let hasHadProgram = false;

	const adopt = (program: ProgramRecord, onExit: (exit: ProgramExit) => void): SpawnOutcome => {
		hasHadProgram = true;
		adopted = program;
		markStart();
		const life = watchLife({...options, ...served.last(), ...program});
		return {
			outcome: 'adopted',
			startedAt: program.startedAt,
			program: adoptProgram(
				{program, lock: program.lock, endedInOrder: life.endedInOrder},
				withEvidence(() => life, onExit),
			),
		};
	};

	const start = async (locks: Locks, lock: string, onExit: (exit: ProgramExit) => void) => {
		trace?.('locked');
		hasHadProgram = true;
		// A program that nobody has recorded must not be taken for a helper of the last one.
		removeProgramRecord(runDirectory);
		trace?.('unrecorded');
		prepareOutput();
		markStart();
		let life: EndEvidence | undefined;
		const program = await spawnProgram(
			{...plan, inherited: locks.descriptors},
			withEvidence(() => life, onExit),
		).catch(error => {
			// The original's child says so on the stderr that it has by then.
			write(`${errorMessage(error)}\n`);
			throw error;
		});
		trace?.('spawned');
		const startedAt = systemClock.unixSeconds();
		// It runs, whatever cannot be noted about it.
		unlessItFails('cannot note the output of the program', noteOutput);
		life = unlessItFails('cannot watch for the end of the program', () =>
			watchLife({...options, ...served.last(), pid: program.pid, startedAt}),
		);
		keep(recordOf({pid: program.pid, argv: plan.argv, startedAt, lock, facts}));
		trace?.('recorded');
		return {outcome: 'spawned', program} as const;
	};

	const keep = (record: ProgramRecord | undefined): void =>
		unlessItFails(`cannot record the program in ${runDirectory}`, () => {
			if (record !== undefined) writeProgramRecord(runDirectory, record);
		});

	const unlessItFails = <Value>(what: string, work: () => Value): Value | undefined => {
		try {
			return work();
		} catch (error) {
			warn(`${what}: ${errorMessage(error)}`);
			return undefined;
		}
	};

	/** Adds to an exit what its life has left behind; an end is told even where it cannot be explained. */
	const withEvidence =
		(lifeOf: () => EndEvidence | undefined, onExit: (exit: ProgramExit) => void) =>
		(exit: ProgramExit): void => {
			const evidence = unlessItFails('cannot explain the end of the program', () =>
				lifeOf()?.collect(exit),
			);
			onExit(evidence === undefined ? exit : {...exit, evidence});
		};

	const refuse = (why: {readonly reason: string; readonly hint: string}): SpawnOutcome => {
		hint = why.hint;
		return {outcome: 'refused', reason: why.reason};
	};

	const spawn = async (onExit: (exit: ProgramExit) => void): Promise<SpawnOutcome> => {
		const last = isFirst ? readProgramRecord(runDirectory) : undefined;
		if (typeof last === 'object' && hasLeftovers(last)) {
			isFirst = false;
			line.leave();
			return adopt(last, onExit);
		}
		const {storages, addresses} = served.look();
		const files = findDataFiles(storages, directory);
		const {targets, lifeLock} = planLocks(files, programLock);
		const result = await line.lock(targets);
		try {
			if (result.result === 'held' && last === 'unknown') {
				const unrecorded = findUnrecorded(programLock, lifeLock);
				if (unrecorded !== undefined) {
					keep(unrecorded);
					return adopt(unrecorded, onExit);
				}
			}
			const evidence = {
				...{files, addresses, programLock, result, rescueCommand},
				thorough: isFirst,
			};
			const verdict = decide(await collectEvidence({...evidence, now: systemClock.unixSeconds()}));
			if (verdict.verdict === 'refuse') {
				// Who may not open the lock may not write other files either: then all of them are named.
				const wider = result.result === 'unusable' ? await databases.check() : undefined;
				return refuse(
					wider === undefined ? verdict : {...wider, reason: cannotStart(wider.reason)},
				);
			}
			if (verdict.verdict === 'start' && verdict.warning !== undefined) warn(verdict.warning);
			const loss = await databases.check();
			if (loss !== undefined) return refuse({...loss, reason: cannotStart(loss.reason)});
			adopted = undefined;
			const outcome = await start(locksOf(result), lifeLock, onExit);
			if (result.result === 'locked') line.join(targets);
			return outcome;
		} finally {
			isFirst = false;
			locksOf(result).close();
		}
	};

	return {
		spawn,
		lastOutput: lastLines,
		outdated: () => (adopted === undefined ? [] : compareLaunches(adopted.facts, facts)),
		isCurrent: () => adopted === undefined || isAlive(adopted),
		advice: () => (hint === undefined ? {} : {hint}),
		forget() {
			line.leave();
			// Refusals alone change nothing of what is known: who is in the way may be a program that nobody has recorded.
			// Ours has ended: one that runs is that of another supervisor.
			if (hasHadProgram && findRecordedProgram(runDirectory) === undefined)
				recordNoProgram(runDirectory);
		},
	};
};

const cannotStart = (reason: string): string => `cannot start the program: ${reason}`;

/**
 * A program whose supervisor died between its start and the record, or could not write that: the leader of a group that has our own lock file
 * open for writing.
 */
const findUnrecorded = (programLock: string, lock: string): ProgramRecord | undefined => {
	const leader = findLeader(programLock);
	if (leader === undefined) return undefined;
	const {pid, argv, startedAt} = leader;
	return recordOf({pid, argv, startedAt, lock});
};

const locksOf = (result: LockResult): Locks =>
	result.result === 'locked' ? result.locks : {descriptors: [], close: () => undefined};
