import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {skip} from './python.js';
import {projectRoot} from './zeoctl.js';

const command = path.join(projectRoot, 'test/box/systemd-box');

/** How a command in the box ended. */
export type BoxResult = {
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode: number;
};

/** A booted systemd of its own, on the files of this machine; what is written there goes with it. */
export type Box = {
	/** Runs a command in the box, as root; throws with its output when it fails. */
	run(argv: readonly string[], input?: string): Promise<string>;
	/** The same for a command that may fail. */
	attempt(argv: readonly string[], input?: string): Promise<BoxResult>;
	/** Writes a file in the box and makes the folders above it. */
	write(file: string, text: string, mode?: string): Promise<void>;
	/** Shuts the box down in order and boots it over the same files. */
	reboot(): Promise<void>;
};

/** Declares a test that runs in the box of its file, one after another. */
type BoxTest = (
	title: string,
	body: (t: ExecutionContext, box: Box) => Promise<void> | void,
) => void;

/**
 * Gives the tests of this file one box, booted before them and taken down after them. `paths` of this machine are
 * seen in it besides those of its root file system. Where no box can be booted the tests are passed with a printed
 * reason; with `CI=true` they fail.
 */
export const useSystemdBox = (paths: readonly string[] = []): BoxTest => {
	const name = `zeoctl-${process.pid}`;
	const ask = async (args: readonly string[], input = ''): Promise<BoxResult> => {
		const {stdout, stderr, exitCode} = await execa(command, args, {
			env: {SYSTEMD_BOX_NAME: name, LC_ALL: 'C.UTF-8'},
			...{cwd: '/', input, reject: false, timeout: 480_000},
		});
		return {stdout, stderr, exitCode: exitCode ?? 1};
	};
	const box = createBox(ask);
	let obstacle: string | undefined;

	test.before(async () => {
		const {exitCode, stderr} = await ask(['check']);
		if (exitCode !== 0) obstacle = `no systemd can be booted: ${stderr}`;
		if (obstacle !== undefined) return;
		const binds = [projectRoot, ...paths].filter(each => existsSync(each));
		const up = await ask(['up', '--ttl', '1800', ...binds.flatMap(each => ['--bind-ro', each])]);
		if (up.exitCode === 69) obstacle = `no systemd can be booted: ${up.stderr}`;
		else if (up.exitCode !== 0) throw new Error(`cannot boot a systemd: ${up.stderr}`);
	});
	test.after.always(async () => {
		await ask(['down', '--force']);
	});

	return (title, body) => {
		test.serial(title, async t => {
			if (obstacle === undefined) await body(t, box);
			else skip(t, obstacle);
		});
	};
};

const writing = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';

const createBox = (ask: (args: readonly string[], input?: string) => Promise<BoxResult>): Box => {
	const attempt: Box['attempt'] = (argv, input) =>
		ask(['exec', '--clean-env', '--', ...argv], input);
	const run: Box['run'] = async (argv, input) => {
		const result = await attempt(argv, input);
		return outputOf(argv, result);
	};
	return {
		attempt,
		run,
		async write(file, text, mode = '0644') {
			await run(['sh', '-c', writing, 'sh', file, mode], text);
		},
		async reboot() {
			outputOf(['reboot'], await ask(['reboot']));
		},
	};
};

const outputOf = (argv: readonly string[], {exitCode, stdout, stderr}: BoxResult): string => {
	if (exitCode === 0) return stdout;
	throw new Error(`"${argv.join(' ')}" ended with ${exitCode} in the box\n${stdout}${stderr}`);
};
