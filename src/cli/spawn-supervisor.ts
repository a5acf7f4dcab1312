import {type ChildProcess, spawn} from 'node:child_process';
import type {Duplex} from 'node:stream';
import {reportVariable} from '../program/environment.js';

/** How a supervisor in the background is run. */
export type SupervisorCommand = {
	/** The file to run, normally the one that is running now. */
	readonly script: string;
	/** What follows it, so that a list of processes shows whose supervisor it is. */
	readonly words: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** A supervisor that waits for its order at the other end of `pipe`, and leaves when that ends. */
export type SupervisorProcess = {readonly child: ChildProcess; readonly pipe: Duplex};

/**
 * One helper thread for V8 instead of four: each costs memory for as long as the supervisor lives, and a place in
 * the address space, which is copied whenever a program is started. No flag of V8's own, see small-heap.ts.
 */
const nodeOptions = ['--v8-pool-size=1'];

/** Starts a supervisor that outlives this process. Where there is none, its `child` has no pid and emits why. */
export const spawnSupervisor = ({
	script,
	words,
	environment,
}: SupervisorCommand): SupervisorProcess => {
	const child = spawn(process.execPath, [...nodeOptions, script, ...words], {
		detached: true,
		stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
		env: {...environment, [reportVariable]: '3'},
	});
	child.unref();
	const pipe = child.stdio[3] as Duplex;
	pipe.on('error', () => undefined);
	return {child, pipe};
};
