import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {type HistoryRecord, readHistory} from '../../src/history/history.js';
import type {PackRecord} from '../../src/history/pack-record.js';
import {makeCertificate} from './certificates.js';
import {findFreePort} from './fake-zeo.js';
import {testPython} from './python.js';
import {temporaryFolder} from './temporary-folder.js';
import {waitFor} from './wait-for.js';
import {
	projectRoot,
	type Result,
	type Running,
	runCommand,
	startCommand,
	startZeoctl,
} from './zeoctl.js';

/** What the maker of storages says of one. */
export type MadeStorage = {
	readonly bytes: number;
	readonly objects: number;
	readonly orphaned_payload_objects: number;
	readonly last_tid: string;
};

export type PackedServer = {
	readonly folder: string;
	readonly port: number;
	at(name: string): string;
	/** Runs the real server until the test ends, and waits until it answers. */
	serve(): Promise<Running>;
	run(...words: readonly string[]): Promise<Result>;
	start(...words: readonly string[]): Running;
	/** Packs, and gives what the answer in JSON says. */
	pack(...words: readonly string[]): Promise<{
		readonly exitCode: number | null;
		readonly outcome: string;
		readonly storages: readonly PackRecord[];
	}>;
	history(): readonly HistoryRecord[];
	/** Reads all that is in use as a client of ZEO does. */
	readAll(storage: string): Promise<{objects: number; length: number; size: number}>;
	make(name: string, ...options: readonly string[]): Promise<MadeStorage>;
};

export type PackedServerOptions = {
	readonly at?: 'port' | 'socket' | 'tls' | 'ipv6';
	/** Storages by name, with further lines of their sections. */
	readonly storages?: Readonly<Record<string, string>>;
	/** Further sections; `{folder}` is filled in. */
	readonly sections?: string;
	/** Another port, where something else listens. */
	readonly port?: number;
};

/** A busy machine may need more than a minute for what takes a second. */
export const patienceMs = 180_000;

/** A conf of a real server with storages to pack; undefined where there is no Python that has ZEO. */
export const packedServer = async (
	t: ExecutionContext,
	{at: where = 'port', storages = {main: ''}, sections = '', port: given}: PackedServerOptions = {},
): Promise<PackedServer | undefined> => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const port = given ?? (await findFreePort(where === 'ipv6' ? '::1' : '127.0.0.1'));
	const at = (name: string): string => path.join(folder, name);
	const address = {
		port: `127.0.0.1:${port}`,
		tls: `127.0.0.1:${port}`,
		ipv6: `[::1]:${port}`,
		socket: at('zeo.sock'),
	}[where];
	const runzeo = path.join(path.dirname(python), 'runzeo');
	writeFileSync(
		at('zeo.conf'),
		[
			`<zeo>\naddress ${address}\n${where === 'tls' ? makeSsl(folder) : ''}</zeo>`,
			...Object.entries(storages).map(
				([name, lines]) =>
					`<filestorage ${name}>\npath ${at(name)}/Data.fs\n${lines}\n</filestorage>`,
			),
			`<eventlog>\n<logfile>\npath ${at('log')}\n</logfile>\n</eventlog>`,
			`<runner>\nprogram ${runzeo} -C ${at('zeo.conf')}\nsocket-name ${at('sock')}\n</runner>`,
			sections,
			'',
		]
			.join('\n')
			.replaceAll('{folder}', folder),
	);
	// The server does not know our own sections.
	const own = readFileSync(at('zeo.conf'), 'utf8');
	writeFileSync(at('server.conf'), own.slice(0, own.indexOf('<runner>')));
	for (const name of Object.keys(storages)) mkdirSync(at(name));
	const start = (...words: readonly string[]): Running =>
		startZeoctl(t, ['-C', at('zeo.conf'), ...words], {cwd: folder, limitMs: patienceMs});
	const run = (...words: readonly string[]): Promise<Result> => start(...words).result;
	const script = async (file: string, words: readonly string[]): Promise<unknown> => {
		const argv: [string, ...string[]] = [
			python,
			path.join(projectRoot, 'test/fixtures', file),
			...words,
		];
		const {stdout, stderr, exitCode} = await runCommand(t, argv, {
			cwd: folder,
			limitMs: patienceMs,
		});
		if (exitCode !== 0) throw new Error(stderr);
		return JSON.parse(stdout);
	};
	return {
		folder,
		port,
		at,
		start,
		run,
		async serve() {
			const argv: [string, ...string[]] = [runzeo, '-C', at('server.conf')];
			const env = {PYTHONPATH: path.join(projectRoot, 'test/fixtures/programs')};
			const server = startCommand(t, argv, {
				cwd: folder,
				env: {...env, PYTHONDONTWRITEBYTECODE: '1'},
				limitMs: 300_000,
			});
			await waitFor(
				'a server that listens',
				() => {
					const text = readLog(at('log'));
					if (text.includes('listening on')) return true;
					if (server.stderr() !== '') throw new Error(server.stderr());
					return false;
				},
				patienceMs,
			);
			return server;
		},
		async pack(...words) {
			const {stdout, stderr, exitCode} = await run('pack', ...words, '--json');
			if (stdout === '') throw new Error(stderr);
			return {exitCode, ...JSON.parse(stdout)};
		},
		history: () => readHistory(runDirectoryOf(at('sock'))),
		readAll: async storage => {
			const place = where === 'socket' ? [at('zeo.sock')] : ['127.0.0.1', String(port)];
			return (await script('programs/reads-all.py', [storage, ...place])) as never;
		},
		make: async (name, ...options) =>
			(await script('make_filestorage.py', ['--path', `${at(name)}/Data.fs`, ...options])) as never,
	};
};

const readLog = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};

const makeSsl = (folder: string): string => {
	const {certificate, key} = makeCertificate(folder, 'server');
	return `<ssl>\ncertificate ${certificate}\nkey ${key}\nauthenticate ${certificate}\n</ssl>\n`;
};
