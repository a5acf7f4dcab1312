import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../../src/control/snapshot.js';
import {type HistoryRecord, readHistory} from '../../../src/history/history.js';
import {findFreePort} from '../fake-zeo.js';
import {temporaryFolder} from '../temporary-folder.js';
import {projectRoot, type Result, runCommand, startCommand, zeoctl} from '../zeoctl.js';
import {findByCommand, witnessedServer} from './witness.js';

/** A real server under supervision with clients that commit to it. */
export type SoakInstance = {
	readonly folder: string;
	readonly data: string;
	/** The program that is supervised. */
	readonly server: string;
	/** Where the clients note what they were told. */
	readonly notes: string;
	run(verb: string): Promise<Result>;
	supervisors(): readonly number[];
	servers(): readonly number[];
	/** How many commits the clients were told of. */
	acknowledged(): number;
	/** What the servers themselves saw of a second one. */
	violations(): readonly string[];
	/** Everything that the history has ever held; it drops old lines itself. */
	history(): readonly HistoryRecord[];
	/** Ends the clients, opens the database itself and compares. */
	compare(): Promise<Comparison>;
};

export type Comparison = {
	readonly transactions: number;
	readonly acknowledged: number;
	readonly lost: readonly (readonly string[])[];
	readonly disordered: readonly string[];
};

const clients = ['one', 'two', 'three'];
const fixture = (name: string): string => path.join(projectRoot, 'test/fixtures/programs', name);

export const soakInstance = async (t: ExecutionContext, python: string): Promise<SoakInstance> => {
	const folder = temporaryFolder(t);
	const at = (name: string): string => path.join(folder, name);
	const [data, conf, server, violations] = [
		at('Data.fs'),
		at('zeo.conf'),
		at('server'),
		at('violations'),
	];
	const port = await findFreePort();
	writeFileSync(conf, confOf({folder, port}));
	writeFileSync(server, witnessedServer({python, conf: at('server.conf'), data, violations}), {
		mode: 0o755,
	});
	writeFileSync(at('server.conf'), serverOf({folder, port}));
	const database = async (...words: readonly string[]): Promise<string> => {
		const argv = [python, fixture('commits-database.py'), ...words] as const;
		const {exitCode, stdout, stderr} = await runCommand(t, argv, {limitMs: 300_000});
		if (exitCode !== 0) throw new Error(`the database cannot be used: ${stderr}`);
		return stdout;
	};
	await database('make', data, ...clients);
	const committing = clients.map(name =>
		startCommand(t, [python, fixture('commits.py'), String(port), at('acknowledged'), name], {
			limitMs: 7_200_000,
		}),
	);
	const seen = new Map<string, HistoryRecord>();
	return {
		folder,
		data,
		server,
		notes: at('acknowledged'),
		run: verb => zeoctl(t, ['-C', conf, verb], {cwd: folder, limitMs: 150_000}),
		supervisors: () => findByCommand(`${conf} supervise`),
		servers: () => findByCommand(server),
		acknowledged: () => linesOf(at('acknowledged')).length,
		violations: () => linesOf(violations),
		history() {
			for (const record of readHistory(runDirectoryOf(at('sock'))))
				seen.set(JSON.stringify(record), record);
			return [...seen.values()];
		},
		async compare() {
			for (const client of committing) client.kill('SIGTERM');
			await Promise.all(committing.map(({result}) => result));
			const compared: Comparison = JSON.parse(await database('check', data, at('acknowledged')));
			return compared;
		},
	};
};

const serverOf = ({folder, port}: {readonly folder: string; readonly port: number}): string =>
	`<zeo>
  address 127.0.0.1:${port}
</zeo>
<filestorage 1>
  path ${folder}/Data.fs
</filestorage>
`;

const confOf = (place: {readonly folder: string; readonly port: number}): string =>
	`<runner>
  program ${place.folder}/server
  socket-name ${place.folder}/sock
  transcript ${place.folder}/log
  backoff-limit 1
  forever on
  start-timeout 100
  stop-timeout 20
</runner>
<health>
  interval 1s
  time-limit 1s
  failures 2
  disk-floor 0
  inode-floor 0%
</health>
${serverOf(place)}`;

const linesOf = (file: string): readonly string[] =>
	existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
