import {setTimeout as sleep} from 'node:timers/promises';
import {type SpawnPlan, signalGroup} from './spawn.js';
import {startProcess} from './start-process.js';

/** How the test program is run: as the program itself, but looked up on PATH each time. */
export type StartTest = Omit<SpawnPlan, 'file'>;

/** Milliseconds between two runs of the test program, as in the original. */
const pauseMs = 1000;

/**
 * Runs `start-test-program` again and again until it exits with 0; resolves then, or when the signal aborts (which
 * also ends a test under way, with its children), or, to the reason, when it cannot be run at all. Its output goes
 * where the program's goes.
 */
export const passesStartTest = async (
	{argv, environment, output}: StartTest,
	report: (outcome: 'succeeded' | 'failed') => void,
	signal: AbortSignal,
): Promise<string | undefined> => {
	const [word = '', ...rest] = argv;
	while (!signal.aborted) {
		const outcome = await runOnce(word, rest, {env: environment, output, signal});
		if (signal.aborted) return undefined;
		if (typeof outcome === 'object') return outcome.failure;
		report(outcome);
		if (outcome === 'succeeded') return undefined;
		await sleep(pauseMs, undefined, {signal}).catch(() => undefined);
	}
	return undefined;
};

/** Whether one run exits with 0, or why there is none. */
const runOnce = async (
	word: string,
	rest: readonly string[],
	{env, output, signal}: {env: NodeJS.ProcessEnv; output: number | 'inherit'; signal: AbortSignal},
): Promise<'succeeded' | 'failed' | {readonly failure: string}> => {
	const started = await startProcess(word, rest, {
		env,
		detached: true,
		stdio: ['ignore', output, output],
	});
	if ('failure' in started) return started;
	const {child, pid} = started;
	const end = (): void => signalGroup(pid, 'SIGKILL');
	signal.addEventListener('abort', end);
	if (signal.aborted) end();
	const code = await new Promise(resolve => child.once('exit', resolve));
	signal.removeEventListener('abort', end);
	return code === 0 ? 'succeeded' : 'failed';
};
