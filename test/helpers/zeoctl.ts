import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {markOf} from './leftovers.js';

/** The checkout: tests run from build/test/helpers. */
export const projectRoot = path.resolve(import.meta.dirname, '../../..');

/** The built command, as it is shipped. */
export const zeoctlFile = path.join(projectRoot, 'dist/zeoctl.cjs');

/** A folder for PATH where `zeoctl` is the built command, as where it is installed. */
const installed = path.join(projectRoot, 'build/bin');
mkdirSync(installed, {recursive: true});
if (!existsSync(path.join(installed, 'zeoctl')))
	try {
		symlinkSync(zeoctlFile, path.join(installed, 'zeoctl'));
	} catch {
		// Another process of the tests was faster.
	}

/** How a command ended. `exitCode` is null when it died by a signal. */
export type Result = {
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode: number | null;
	readonly signal: NodeJS.Signals | null;
};

/** A command that runs. `result` is fulfilled however it ends; the rest looks at it meanwhile. */
export type Running = {
	readonly pid: number;
	readonly result: Promise<Result>;
	stdout(): string;
	stderr(): string;
	kill(signal: NodeJS.Signals): void;
};

export type RunOptions = {
	readonly cwd?: string;
	/** Added to the environment; undefined removes. */
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** Written to standard input, which is otherwise empty. */
	readonly input?: string;
	readonly uid?: number;
	readonly gid?: number;
	/** The command gets SIGKILL after this time, and its result is an error. */
	readonly limitMs?: number;
};

/** Run `zeoctl` as a user would and wait until it has ended and nobody holds its output open. */
export const zeoctl = (
	t: ExecutionContext<unknown>,
	args: readonly string[],
	options: RunOptions = {},
): Promise<Result> => startZeoctl(t, args, options).result;

/** Start `zeoctl` and look at it while it runs; it is ended with the test at the latest. */
export const startZeoctl = (
	t: ExecutionContext<unknown>,
	args: readonly string[],
	options: RunOptions = {},
): Running => startCommand(t, [process.execPath, zeoctlFile, ...args], options);

/** Run any command under the same rules. */
export const runCommand = (
	t: ExecutionContext<unknown>,
	argv: readonly [string, ...string[]],
	options: RunOptions = {},
): Promise<Result> => startCommand(t, argv, options).result;

/** Start any command under the same rules. */
export const startCommand = (
	t: ExecutionContext<unknown>,
	argv: readonly [string, ...string[]],
	{cwd, env = {}, input = '', uid, gid, limitMs = 180_000}: RunOptions = {},
): Running => {
	const [file, ...args] = argv;
	const child = spawn(file, args, {
		...(cwd !== undefined && {cwd}),
		...(uid !== undefined && {uid}),
		...(gid !== undefined && {gid}),
		env: {...userEnvironment(), ...env, ...markOf(t)},
		stdio: 'pipe',
	});
	const output = {stdout: '', stderr: ''};
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output.stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		output.stderr += text;
	});
	child.stdin.on('error', () => {}).end(input);

	const result = new Promise<Result>((resolve, reject) => {
		const late = setTimeout(() => {
			child.kill('SIGKILL');
			const printed = `${output.stdout}${output.stderr}`;
			reject(new Error(`"${argv.join(' ')}" goes on after ${limitMs / 1000} seconds\n${printed}`));
		}, limitMs);
		child.once('error', reject);
		child.once('close', (exitCode, signal) => {
			clearTimeout(late);
			resolve({...output, exitCode, signal});
		});
	});
	// A caller that only kills it need not ask for the result.
	result.catch(() => {});

	return {
		pid: child.pid ?? 0,
		result,
		stdout: () => output.stdout,
		stderr: () => output.stderr,
		kill: signal => child.kill(signal),
	};
};

// What the test runner put into the environment is not there on a user's machine.
const userEnvironment = (): Record<string, string | undefined> => {
	const kept = Object.entries(process.env).filter(
		([name]) => !/^(AVA_|npm_|NODE_|FORCE_COLOR$|NO_COLOR$|INIT_CWD$)/.test(name),
	);
	return {
		...Object.fromEntries(kept),
		...(process.env['NODE_V8_COVERAGE'] && {NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE']}),
		PATH: `${installed}:${process.env['PATH']}`,
		LC_ALL: 'C.UTF-8',
	};
};
