import {chmodSync, cpSync, existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {skip} from './python.js';
import {temporaryFolder} from './temporary-folder.js';
import {
	projectRoot,
	type Result,
	type Running,
	type RunOptions,
	startCommand,
	zeoctlFile,
} from './zeoctl.js';

/** The parts of `status --json` that tests look at. */
export type StatusDocument = {
	readonly state: string;
	readonly pid: number | null;
	readonly manager: number | null;
	readonly restarts: number | null;
	readonly lastOutput: readonly string[];
	readonly lastExit: {readonly code: number | null; readonly signal: string | null} | null;
	readonly error: {readonly code: string} | null;
	readonly transcript: {readonly problem: string | null; readonly linesLost: number} | null;
};

/** A conf in a folder of its own, with the socket `sock` in it, and the built command for it. */
export type Supervised = {
	readonly folder: string;
	readonly socket: string;
	/** The path of a file in the folder. */
	at(name: string): string;
	/** Writes an executable file into the folder. */
	script(name: string, text: string): string;
	run(args: readonly string[], options?: RunOptions): Promise<Result>;
	start(args: readonly string[], options?: RunOptions): Running;
	/** Starts the program, or fails the test with what was printed. */
	up(...args: string[]): Promise<StatusDocument & {pid: number; manager: number}>;
	status(): Promise<StatusDocument>;
};

export type SupervisedOptions = {
	readonly program?: string;
	/** Further lines of `<runner>`. */
	readonly runner?: string;
	/** Further sections. */
	readonly sections?: string;
	/** Where the command is; default: where it was built. */
	readonly command?: string;
	readonly folder?: string;
};

export const supervised = (
	t: ExecutionContext<unknown>,
	{
		program = 'sleep 600',
		runner = '',
		sections = '',
		command = zeoctlFile,
		folder = temporaryFolder(t),
	}: SupervisedOptions = {},
): Supervised => {
	const at = (name: string): string => path.join(folder, name);
	const conf = at('d.conf');
	const lines = [`program ${program}`, 'socket-name sock', ...runner.split('\n')];
	writeFileSync(
		conf,
		`<runner>\n${lines.map(line => `  ${line}\n`).join('')}</runner>\n${sections}`,
	);

	const start = (args: readonly string[], options: RunOptions = {}): Running =>
		startCommand(t, [process.execPath, command, '-C', conf, ...args], {cwd: folder, ...options});
	const run = (args: readonly string[], options?: RunOptions): Promise<Result> =>
		start(args, options).result;
	const status = async (): Promise<StatusDocument> => {
		const {stdout} = await run(['status', '--json']);
		const document: StatusDocument = JSON.parse(stdout);
		return document;
	};
	return {
		folder,
		socket: at('sock'),
		at,
		script(name, text) {
			writeFileSync(at(name), text, {mode: 0o755});
			return at(name);
		},
		run,
		start,
		async up(...args) {
			const {exitCode, stdout, stderr} = await run([...args, 'start']);
			if (exitCode !== 0) throw new Error(`start exits with ${exitCode}: ${stdout}${stderr}`);
			const document = await run([...args, 'status', '--json']).then(
				(found): StatusDocument => JSON.parse(found.stdout),
			);
			const {pid, manager} = document;
			if (pid === null || manager === null) throw new Error(`nothing runs: ${document.state}`);
			return {...document, pid, manager};
		},
		status,
	};
};

/** Whether a process is there and no zombie. */
export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/exe`) && canSignal(pid);

const canSignal = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
};

/** An account without rights that every system has. */
export const nobody = {uid: 65_534, gid: 65_534};

/**
 * For tests of several users: a folder and a copy of the command that everybody can read. Undefined, with the
 * reason printed, without the rights of root.
 */
export const publicPlace = async (
	t: ExecutionContext<unknown>,
): Promise<{readonly folder: string; readonly command: string} | undefined> => {
	if (process.geteuid?.() !== 0) {
		skip(t, 'only root can act as several users');
		return undefined;
	}
	const folder = temporaryFolder(t);
	chmodSync(folder, 0o755);
	cpSync(path.join(projectRoot, 'dist'), path.join(folder, 'dist'), {recursive: true});
	const command = path.join(folder, 'dist/zeoctl.cjs');
	const trial = startCommand(t, [process.execPath, command, '--version'], {cwd: '/', ...nobody});
	const found = await trial.result.catch(() => undefined);
	if (found?.exitCode !== 0) {
		skip(t, `${process.execPath} may not be run by everybody`);
		return undefined;
	}
	return {folder, command};
};
