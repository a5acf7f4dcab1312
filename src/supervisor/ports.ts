import type {ExitStatus} from '../program/exit-report.js';
import type {Effect, Ending} from './state.js';

/** How the supervisor reaches the world; the composition root in `daemon/` supplies each. */
export type Ports = {
	readonly spawner: Spawner;
	readonly readiness: Readiness;
	readonly log: EventRecorder;
	readonly timers: Timers;
	readonly history: History;
	readonly clock: Clock;
	/** Absent where there is nothing that could be packed. */
	readonly packs?: PackWatch;
	/** Called before and after each effect, for those who want to know how far a supervisor has come. */
	readonly trace?: (moment: 'before' | 'after', effect: Effect['effect']) => void;
	/** Called once, after the last status: the supervisor is done. */
	readonly leave: (code: number) => void;
};

/** A process that this supervisor, or an earlier one, started. */
export type SpawnedProgram = {
	readonly pid: number;
	/** When this supervisor saw it executed, on the monotonic clock. */
	readonly executedMs?: number;
	/** Signals every member of the process group; a group that is gone is no error. */
	signalGroup(signal: NodeJS.Signals): void;
	/** Resolves when no member of the group is left; members that nobody reaps do not count. */
	groupGone(): Promise<void>;
};

export type ProgramExit = ExitStatus & {readonly groupAlive: boolean};

/** What a start came to. */
export type SpawnOutcome =
	| {readonly outcome: 'spawned'; readonly program: SpawnedProgram}
	/** The program of an earlier supervisor still runs; `startedAt` in Unix seconds. */
	| {
			readonly outcome: 'adopted';
			readonly program: SpawnedProgram;
			readonly startedAt: number;
	  }
	/** Nothing was started, because it could do harm. */
	| {readonly outcome: 'refused'; readonly reason: string};

export type Spawner = {
	/** Rejects with the reason when the program cannot be executed; `onExit` is called once. */
	spawn(onExit: (exit: ProgramExit) => void): Promise<SpawnOutcome>;
	/** The last lines that the present or last program printed. */
	lastOutput(): readonly string[];
};

export type Readiness = {
	/** Whether `starting` ends by a test, which old clients see as `testing=1`. */
	readonly isTest: boolean;
	/**
	 * Resolves when the program counts as started; never rejects; ends early when the signal aborts. `hasFailed`: the
	 * life before this one ended by itself, and too soon.
	 */
	wait(
		pid: number,
		signal: AbortSignal,
		hasFailed: boolean,
		executedMs: number | undefined,
	): Promise<void>;
};

/** What a stop knows of the packs of the program. */
export type PackWatch = {
	/**
	 * Resolves when no pack is under way, at once or after a while, or when the signal aborts; tells meanwhile which
	 * storages are being packed. Never rejects.
	 */
	wait(
		pid: number,
		onPacking: (storages: readonly string[]) => void,
		signal: AbortSignal,
	): Promise<void>;
	/** Ends the jobs that have asked for the packs; resolves within seconds, never rejects. */
	end(): Promise<void>;
};

export type EventRecorder = {
	debug(text: string): void;
	info(text: string): void;
	critical(text: string): void;
};

/** What is kept beyond the life of this supervisor. */
export type History = {
	/** Whether the last life that an earlier supervisor saw ended by itself, and too soon. */
	readonly hasFailed: boolean;
	started(pid: number): void;
	adopted(pid: number): void;
	refused(reason: string): void;
	ended(
		life: Ending,
		decision: 'restart' | 'pause' | 'leave' | 'stop',
		lastOutput: readonly string[],
	): void;
};

type Timers = {
	/** Calls back after `ms`; the returned function cancels. */
	after(ms: number, callback: () => void): () => void;
};

type Clock = {
	/** Milliseconds that never jump. */
	monotonicMs(): number;
	/** Unix time in seconds. */
	unixSeconds(): number;
};
