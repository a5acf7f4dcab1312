import {readdirSync} from 'node:fs';
import {access} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {readProcessStat} from '../platform/process-stat.js';
import type {SpawnedProgram, Spawner} from '../supervisor/ports.js';

/**
 * Programs that SIGKILL never hits between the two renames which end a pack (`Data.fs` to `.old`, `.pack` to
 * `Data.fs`). Their processes are stopped first, so that what their files show stays true until the signal; where
 * they are in between, they go on for a moment.
 */
export const sparingSwaps = (
	spawner: Spawner,
	/** Those of the program that was started last. */
	dataFiles: () => readonly string[],
): Spawner => ({
	...spawner,
	async spawn(onExit) {
		const outcome = await spawner.spawn(onExit);
		if (outcome.outcome === 'refused') return outcome;
		// An earlier supervisor may have died when it had just stopped it.
		if (outcome.outcome === 'adopted') outcome.program.signalGroup('SIGCONT');
		return {...outcome, program: spareSwaps(outcome.program, dataFiles())};
	},
});

const spareSwaps = (program: SpawnedProgram, dataFiles: readonly string[]): SpawnedProgram => {
	let isKilling = false;
	const kill = async (): Promise<void> => {
		if (isKilling) return;
		isKilling = true;
		await holdOutsideOfSwap(program, dataFiles);
		program.signalGroup('SIGKILL');
		isKilling = false;
	};
	return {
		...program,
		signalGroup(signal) {
			if (signal === 'SIGKILL' && dataFiles.length > 0) void kill();
			else program.signalGroup(signal);
		},
	};
};

const pauseMs = 50;

/** A server that has run for ten seconds without the second rename is not on its way to it. */
const mostPauses = 200;

const holdOutsideOfSwap = async (
	program: SpawnedProgram,
	dataFiles: readonly string[],
): Promise<void> => {
	for (let pauses = 0; pauses < mostPauses; ) {
		program.signalGroup('SIGSTOP');
		const isStill = await isStopped(program.pid);
		if (isStill && !(await isAnySwapping(dataFiles))) return;
		if (isStill) pauses += 1;
		program.signalGroup('SIGCONT');
		await sleep(pauseMs);
	}
};

/** How often it is looked whether all threads have stopped, a millisecond apart. */
const mostLooks = 500;

/** A thread that waits for a disk stops only when it has its answer; until then it could still rename. */
const isStopped = async (group: number): Promise<boolean> => {
	for (let look = 0; look < mostLooks; look += 1) {
		if (membersOf(group)?.every(isThreadGroupStopped)) return true;
		await sleep(1);
	}
	return false;
};

/** Undefined where it cannot be told, for want of descriptors. */
const membersOf = (group: number): readonly string[] | undefined => {
	try {
		return readdirSync('/proc').filter(
			name => /^\d+$/.test(name) && readProcessStat(name)?.group === group,
		);
	} catch {
		return undefined;
	}
};

const isThreadGroupStopped = (pid: string): boolean =>
	listThreads(pid).every(thread =>
		/^[TtZX]/.test(readProcessStat(`${pid}/task/${thread}`)?.state ?? 'X'),
	);

const listThreads = (pid: string): readonly string[] => {
	try {
		return readdirSync(`/proc/${pid}/task`);
	} catch {
		return [];
	}
};

const isAnySwapping = async (dataFiles: readonly string[]): Promise<boolean> => {
	for (const file of dataFiles) if (await isSwapping(file)) return true;
	return false;
};

const isSwapping = async (file: string): Promise<boolean> =>
	!(await exists(file)) && (await exists(`${file}.pack`));

/** A disk that does not answer for so long is dead: nobody renames there. In milliseconds. */
const patienceMs = 2000;

const exists = (file: string): Promise<boolean> => {
	const found = access(file).then(
		() => true,
		() => false,
	);
	return Promise.race([found, sleep(patienceMs, true, {ref: false})]);
};
