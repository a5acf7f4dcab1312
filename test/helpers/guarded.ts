import {type ChildProcess, spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {probeServer} from '../../src/health/probe.js';
import {isRunning, readProcessStat} from '../../src/platform/process-stat.js';
import {findFreePort} from './fake-zeo.js';
import {markOf} from './leftovers.js';
import {testPython} from './python.js';
import {temporaryFolder} from './temporary-folder.js';
import {type Result, zeoctl} from './zeoctl.js';

/** A conf of a real server; `run` calls zeoctl with it. */
export type Guarded = {
	readonly conf: string;
	readonly port: number;
	readonly runDirectory: string;
	run(...words: readonly string[]): Promise<Result>;
	start(): Promise<number>;
	document(): Promise<Record<string, unknown>>;
	supervisor(): Promise<number>;
	pid(): Promise<number>;
};

/** An instance in a folder that others may share, with a server of its own there. */
export const makeInstance = async (
	t: ExecutionContext,
	python: string,
	{folder = temporaryFolder(t), name = 'one', data = 'Data.fs', storage = '', runner = ''} = {},
): Promise<Guarded> => {
	const port = await findFreePort();
	const conf = path.join(folder, `${name}.conf`);
	const runzeo = path.join(path.dirname(python), 'runzeo');
	writeFileSync(
		conf,
		`<runner>
  program ${runzeo} -C ${conf}
  socket-name ${folder}/${name}.sock
  transcript ${folder}/${name}.log
  backoff-limit 2
  start-timeout 60
  ${runner}
</runner>
<zeo>
  address 127.0.0.1:${port}
</zeo>
<filestorage 1>
  path ${path.resolve(folder, data)}
  ${storage}
</filestorage>
`,
	);
	const run = (...words: readonly string[]) => zeoctl(t, ['-C', conf, ...words], {cwd: folder});
	const document = async () => JSON.parse((await run('status', '--json')).stdout);
	return {
		conf,
		port,
		runDirectory: path.join(folder, `.${name}.sock.d`),
		run,
		document,
		async start() {
			const {exitCode, stdout, stderr} = await run('start');
			if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
			return Number((await document())['pid']);
		},
		supervisor: async () => Number((await document())['manager']),
		pid: async () => Number((await document())['pid']),
	};
};

/** Whether the server of an instance answers as it should. */
export const answers = async ({port}: Guarded): Promise<boolean> => {
	const zeo = {
		address: {family: 'inet', host: '127.0.0.1', port},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	} as const;
	const server = {confPath: undefined, zeo, storages: [], hasEventLog: false};
	return (await probeServer(server, {timeoutMs: 5000})).probe === 'ready';
};

/** Whether a process runs. */
export const isUp = (pid: number): boolean => {
	const stat = readProcessStat(pid);
	return stat !== undefined && isRunning(pid, stat.startTicks);
};

/** Starts a process that ends with the test at the latest. */
export const begin = (t: ExecutionContext, words: readonly [string, ...string[]]): ChildProcess => {
	const [file, ...rest] = words;
	return spawn(file, rest, {stdio: 'ignore', env: {...process.env, ...markOf(t)}});
};

/** A test with a real server and the instance that it starts with. */
export const guard = (
	title: string,
	body: (t: ExecutionContext, python: string, folder: string) => Promise<void>,
): void =>
	test(title, async t => {
		t.timeout(180_000);
		const python = testPython(t);
		if (python !== undefined) await body(t, python, temporaryFolder(t));
	});

/** The start was refused for this reason, with the next command to type. */
export const isRefused = (
	t: ExecutionContext,
	{exitCode, stdout, stderr}: Result,
	why: RegExp,
): void => {
	t.is(exitCode, 1, stdout + stderr);
	t.regex(stderr, why);
	t.regex(stderr, /^Error: cannot start the program: .*\nnext: .+\n$/m);
	t.regex(stdout, /daemon manager not running\n$/);
};
