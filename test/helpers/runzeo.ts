import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {probeServer} from '../../src/health/probe.js';
import {waitUntilReady} from '../../src/health/wait-until-ready.js';
import type {ServerSettings} from '../../src/settings/settings.js';
import {findFreePort, makeFolder} from './fake-zeo.js';

const python = process.env.ZEOCTL_TEST_PYTHON ?? path.resolve('.test-env/bin/python');

/** The real server of the test environment. */
export const runzeo = path.join(path.dirname(python), 'runzeo');

/** A test that needs the real server: without it, skipped with the reason, and failed under CI. */
export const testWithZeo = (
	title: string,
	body: (t: ExecutionContext) => Promise<void> | void,
): void => {
	test(title, async t => {
		if (existsSync(runzeo)) {
			await body(t);
		} else if (process.env.CI === 'true') {
			t.fail(`no server at ${runzeo}`);
		} else {
			t.log(`skipped: no server at ${runzeo} (set ZEOCTL_TEST_PYTHON)`);
			t.pass();
		}
	});
};

/** A conf in a folder of its own; `{folder}` and `{port}` in the text are filled in. */
export type Instance = {
	readonly folder: string;
	readonly port: number;
	readonly confPath: string;
	readonly server: ServerSettings;
};

const defaultConf = `<zeo>
  address 127.0.0.1:{port}
</zeo>
<filestorage main>
  path {folder}/Data.fs
</filestorage>
`;

export const makeInstance = async (
	t: ExecutionContext,
	{
		conf = defaultConf,
		zeo = {},
		port,
	}: {
		readonly conf?: string;
		readonly zeo?: Partial<ServerSettings['zeo']>;
		readonly port?: number;
	} = {},
): Promise<Instance> => {
	const folder = await makeFolder(t);
	const ownPort = port ?? (await findFreePort());
	const confPath = path.join(folder, 'zeo.conf');
	const text = conf.replaceAll('{port}', String(ownPort)).replaceAll('{folder}', folder);
	await writeFile(confPath, text);
	const dataPath = path.join(folder, 'Data.fs');
	return {
		folder,
		port: ownPort,
		confPath,
		server: {
			confPath,
			zeo: {
				address: {family: 'inet', host: '127.0.0.1', port: ownPort},
				readOnly: false,
				transactionTimeout: undefined,
				pidFilename: undefined,
				tls: undefined,
				...zeo,
			},
			storages: [
				{
					name: 'main',
					type: 'filestorage',
					path: dataPath,
					blobDirectory: undefined,
					readOnly: false,
					create: false,
				},
			],
			hasEventLog: false,
		},
	};
};

/** How a program ended and what it printed, line by line. */
export type Ended = {
	readonly pid: number;
	readonly code: number | null;
	readonly signal: string | null;
	readonly output: readonly string[];
};

export type Run = {
	readonly child: ChildProcess;
	readonly pid: number;
	readonly ended: Promise<Ended>;
};

/** Runs a command, its two outputs as one text, killed with the test. */
export const run = (t: ExecutionContext, [command = '', ...words]: readonly string[]): Run => {
	const child = spawn(command, words, {stdio: ['ignore', 'pipe', 'pipe']});
	t.teardown(() => child.kill('SIGKILL'));
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', chunk => {
			text += chunk;
		});
	}

	const pid = child.pid ?? 0;
	const ended = new Promise<Ended>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) =>
			resolve({pid, code, signal, output: text.trimEnd().split('\n')}),
		);
	});
	return {child, pid, ended};
};

/** Starts the real server of an instance and waits until it answers. */
export const startServer = async (t: ExecutionContext, instance: Instance): Promise<Run> => {
	const server = run(t, [runzeo, '-C', instance.confPath]);
	const leaving = new AbortController();
	const early = server.ended.finally(() => leaving.abort());
	const {ready} = await waitUntilReady({
		probe: signal => probeServer(instance.server, {timeoutMs: 5000, signal}),
		signal: leaving.signal,
	});
	if (!ready) {
		throw new Error(`the server did not start: ${(await early).output.join('\n')}`);
	}

	return server;
};
