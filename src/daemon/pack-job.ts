import {type ChildProcess, spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {callEnvironment} from '../program/environment.js';
import {describeExit} from '../program/exit-report.js';
import type {Invocation} from './invocation.js';
import type {PackJobEnd} from './pack-launcher.js';

export type PackJobOptions = {
	readonly invocation: Invocation;
	/** What the job prints is kept there until the next one. */
	readonly runDirectory: string;
};

/**
 * Starts `zeoctl pack --scheduled` as a process that outlives us, in a session of its own. What it does is in the
 * history, its words are in a file; nothing of it comes through the supervisor. Resolves at its end, never rejects.
 */
export const startPackJob = async (options: PackJobOptions): Promise<PackJobEnd> => {
	const output = path.join(options.runDirectory, 'scheduled-pack.log');
	try {
		const {code, signal} = await endOf(spawnJob(options, output));
		return {
			description: describeExit({code, signal}),
			isGood: code === 0,
			lastLine: lastLineOf(output),
		};
	} catch (error) {
		return {description: errorMessage(error), isGood: false, lastLine: undefined};
	}
};

const spawnJob = (
	{invocation: {command, flags, cwd, environment}}: PackJobOptions,
	output: string,
): ChildProcess => {
	const [file, ...words] = command;
	const descriptor = openSync(output, 'w', 0o600);
	try {
		const child = spawn(file, [...words, ...flags, 'pack', '--scheduled'], {
			cwd,
			env: callEnvironment(environment),
			detached: true,
			stdio: ['ignore', descriptor, descriptor],
		});
		child.unref();
		return child;
	} finally {
		closeSync(descriptor);
	}
};

const endOf = (
	child: ChildProcess,
): Promise<{readonly code: number | null; readonly signal: NodeJS.Signals | null}> =>
	new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve({code, signal}));
	});

const mostCharacters = 300;

const lastLineOf = (file: string): string | undefined => {
	try {
		const lines = readFileSync(file, 'utf8').split('\n');
		return lines.findLast(line => line.trim() !== '')?.slice(0, mostCharacters);
	} catch {
		return undefined;
	}
};
