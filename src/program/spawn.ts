import type {StdioOptions} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {monotonicMs} from '../platform/clock.js';
import type {ExitStatus} from './exit-report.js';
import {isGroupAlive, untilGroupGone} from './process-group.js';
import {startProcess} from './start-process.js';

/** How a program is started: everything decided, nothing looked up any more. */
export type SpawnPlan = {
	/** Absolute path of the executable; `argv[0]` is what the program sees as its own name. */
	readonly file: string;
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** The descriptor for stdout and stderr, or the supervisor's own. */
	readonly output: number | 'inherit';
	/** Further descriptors that it gets, numbered from `firstInherited`. */
	readonly inherited?: readonly number[];
};

export type RunningProgram = {
	readonly pid: number;
	/** When it was seen executed, on the monotonic clock; unknown of a program that another supervisor started. */
	readonly executedMs?: number;
	signalGroup(signal: NodeJS.Signals): void;
	groupGone(): Promise<void>;
};

/**
 * The kernel tends to wake whoever has started a process on the processor of that process, and before it, also where
 * another processor is idle: all that is done right after a start delays the program. In milliseconds.
 */
const headStartMs = 1;

/** Above the numbers that shell scripts use for themselves. */
const firstInherited = 30;

/**
 * Starts a program, in the present folder and umask, as the leader of a session and process group of its own, with `/dev/null` as standard input and
 * no descriptor of ours but those listed. Resolves when it has had a head start; rejects with `can't exec 'PATH': REASON`.
 * `onExit` is called once, when the leader has been reaped, and not before the caller could act on what this resolves to.
 */
export const spawnProgram = async (
	{file, argv, environment, output, inherited = []}: SpawnPlan,
	onExit: (exit: ExitStatus & {readonly groupAlive: boolean}) => void,
): Promise<RunningProgram> => {
	const started = await startProcess(file, argv.slice(1), {
		argv0: argv[0] ?? file,
		env: environment,
		detached: true,
		stdio: inherited.length === 0 ? ['ignore', output, output] : withInherited(output, inherited),
	});
	if ('failure' in started) throw new Error(`can't exec '${file}': ${started.failure}`);
	const {child, pid} = started;
	const executedMs = monotonicMs();
	const tellEnd = (): void => {
		const {exitCode: code, signalCode: signal} = child;
		onExit({code, signal, groupAlive: isGroupAlive(pid)});
	};
	await sleep(headStartMs);
	const hasEnded = child.exitCode !== null || child.signalCode !== null;
	if (hasEnded) setImmediate(tellEnd);
	else child.once('exit', tellEnd);
	return {
		pid,
		executedMs,
		signalGroup: signal => signalGroup(pid, signal),
		groupGone: () => untilGroupGone(pid),
	};
};

const withInherited = (output: number | 'inherit', inherited: readonly number[]): StdioOptions => {
	const unused = Array.from({length: firstInherited - 3}, () => 'ignore' as const);
	return ['ignore', output, output, ...unused, ...inherited];
};

/** Signals every member of a process group; nobody there is no error. */
export const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
	try {
		process.kill(-pid, signal);
	} catch {
		// Nobody is left in the group, which is what the signal was for.
	}
};
