import {setTimeout as sleep} from 'node:timers/promises';
import {type SpawnPlan, signalGroup} from './spawn.js';
import {startProcess} from './start-process.js';

/** How the test program is run: as the program itself, but looked up on PATH each time. */
export type StartTest = Omit<SpawnPlan, 'file'> & {
	/** Adds to the program's output. */
	readonly write: (text: string) => void;
};

/** Milliseconds between two runs of the test program, as in the original. */
const pauseMs = 1000;

/**
 * Runs `start-test-program` again and again until it exits with 0; resolves then, or when the signal aborts (which
 * also ends a test under way, with its children). Its output goes where the program's goes, and so does, once, why it
 * cannot be run.
 */
export const passesStartTest = async (
	{argv, environment, output, write}: StartTest,
	report: (outcome: 'succeeded' | 'failed') => void,
	signal: AbortSignal,
): Promise<void> => {
	const [word = '', ...rest] = argv;
	let isTold = false;
	while (!signal.aborted) {
		const {isGood, failure} = await runOnce(word, rest, {env: environment, output, signal});
		if (signal.aborted) return;
		if (failure !== undefined && !isTold)
			write(`can't exec start-test-program '${word}': ${failure}\n`);
		isTold ||= failure !== undefined;
		report(isGood ? 'succeeded' : 'failed');
		if (isGood) return;
		await sleep(pauseMs, undefined, {signal}).catch(() => undefined);
	}
};

/** Whether one run exits with 0; a test that cannot be run has failed, with the reason. */
const runOnce = async (
	word: string,
	rest: readonly string[],
	{env, output, signal}: {env: NodeJS.ProcessEnv; output: number | 'inherit'; signal: AbortSignal},
): Promise<{readonly isGood: boolean; readonly failure?: string}> => {
	const started = await startProcess(word, rest, {
		env,
		detached: true,
		stdio: ['ignore', output, output],
	});
	if ('failure' in started) return {isGood: false, failure: started.failure};
	const {child, pid} = started;
	const end = (): void => signalGroup(pid, 'SIGKILL');
	signal.addEventListener('abort', end);
	if (signal.aborted) end();
	const code = await new Promise(resolve => child.once('exit', resolve));
	signal.removeEventListener('abort', end);
	return {isGood: code === 0};
};
