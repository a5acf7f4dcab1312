import path from 'node:path';
import {presentFolder} from '../platform/present-folder.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {StartTest} from '../program/start-test.js';
import type {Spawner} from '../supervisor/ports.js';
import type {Assignment} from './assignment.js';
import type {DatabaseGuard} from './database-guard.js';
import {createGuardedSpawner, type GuardedSpawner} from './guarded-spawner.js';
import {describeLaunch} from './launch-facts.js';
import type {LockLine} from './lock-line.js';
import type {ProgramOutput} from './output-port.js';
import {dataFilesOf, type ServedWatch} from './served.js';
import {sparingSwaps} from './swap-guard.js';

/** How a program is started. */
export type Starts = {
	/** For the supervisor. */
	readonly spawner: Spawner;
	/** The same starts, for those who ask about them. */
	readonly guarded: GuardedSpawner;
	/** Resolves when the first start has come to something: a program, or none. */
	readonly first: Promise<void>;
	readonly startTest: StartTest | undefined;
};

/** Plans the starts of the program of an assignment, under the guard. */
export const planStarts = ({
	assignment,
	served,
	line,
	databases,
	output,
	warn,
}: {
	readonly assignment: Assignment;
	readonly served: ServedWatch;
	readonly line: LockLine;
	readonly databases: Pick<DatabaseGuard, 'check'>;
	readonly output: ProgramOutput;
	readonly warn: (text: string) => void;
}): Starts => {
	const {file, argv, programEnvironment, server, place, runDirectory, trace} = assignment;
	const {startTestProgram} = assignment.settings.runner;
	// The supervisor has entered it.
	const directory = presentFolder();
	const planOf = (words: readonly string[]) => ({
		file,
		argv: words,
		environment: programEnvironment,
		// Asked at each start.
		get output() {
			return output.descriptor;
		},
	});
	const guarded = createGuardedSpawner({
		plan: planOf(argv),
		facts: describeLaunch(assignment, argv, place),
		runDirectory,
		directory,
		served,
		line,
		databases,
		prepareOutput: () => output.prepare(),
		noteOutput: () => output.note?.(),
		markStart: () => output.markStart(),
		lastLines: () => output.lastLines(),
		// At each start and adoption.
		get logFiles() {
			const {descriptor} = output;
			return [
				...(server?.logFiles ?? []).map(file => path.resolve(directory, file)),
				...(typeof descriptor === 'number' ? [`/proc/self/fd/${descriptor}`] : []),
			];
		},
		isServer: server !== undefined,
		rescueCommand: renderShellCommand([...assignment.ownCommand, 'rescue']),
		write: text => output.write(text),
		warn,
		trace: trace?.step,
	});
	const {spawner, first} = tellingFirst(guarded);
	return {
		spawner: sparingSwaps(spawner, () => dataFilesOf(served.last())),
		guarded,
		first,
		startTest: startTestProgram && planOf(startTestProgram),
	};
};

const tellingFirst = (
	spawner: Spawner,
): {readonly spawner: Spawner; readonly first: Promise<void>} => {
	let tell: () => void = () => undefined;
	const first = new Promise<void>(resolve => {
		tell = resolve;
	});
	return {spawner: {...spawner, spawn: onExit => spawner.spawn(onExit).finally(tell)}, first};
};
