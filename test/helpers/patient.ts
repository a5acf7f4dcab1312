import {chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {DoctorDocument} from '../../src/cli/doctor/document.js';
import {findFreePort} from './fake-zeo.js';
import {withZodb} from './file-storage.js';
import {temporaryFolder} from './temporary-folder.js';
import {waitFor} from './wait-for.js';
import {type Result, runCommand, zeoctlFile} from './zeoctl.js';

/** A real instance that has everything an administrator would want, and a doctor for it. */
export type Patient = {
	readonly folder: string;
	readonly port: number;
	/** The path of a file in the folder. */
	at(name: string): string;
	/** Replaces text in a file of the folder. */
	edit(name: string, from: string | RegExp, to: string): void;
	run(...words: readonly string[]): Promise<Result>;
	/** Types a command as it is printed; `sudo` is left out. */
	type(command: string): Promise<Result>;
	examine(
		...groups: readonly string[]
	): Promise<DoctorDocument & {readonly exitCode: number | null}>;
};

const confOf = (folder: string): string => `<runner>
  program ${folder}/runzeo -C ${folder}/zeo.conf
  socket-name ${folder}/sock
  transcript ${folder}/log/out.log
  start-timeout 120
</runner>
<transcript>
  mode pump
</transcript>
<health>
  disk-floor 1MB
  inode-floor 0%
</health>
<pack/>
<mail>
  to admin@example.org
  sendmail ${folder}/sendmail
</mail>
`;

const serverConfOf = (folder: string, port: number): string => `<zeo>
  address 127.0.0.1:${port}
  transaction-timeout 300
</zeo>
<filestorage main>
  path ${folder}/Data.fs
  blob-dir ${folder}/blobs
</filestorage>
<eventlog>
  <logfile>
    path ${folder}/log/zeo.log
    max-size 10MB
    old-files 5
  </logfile>
</eventlog>
`;

/** Makes the instance and a first transaction, and starts nothing; undefined where ZODB is missing. */
export const makePatient = async (
	t: ExecutionContext<unknown>,
	python: string,
): Promise<Patient | undefined> => {
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const at = (name: string): string => path.join(folder, name);
	const write = (name: string, text: string, mode = 0o600): void => {
		writeFileSync(at(name), text);
		chmodSync(at(name), mode);
	};
	for (const name of ['log', 'bin']) mkdirSync(at(name));
	write('runzeo', readFileSync(path.join(path.dirname(python), 'runzeo'), 'utf8'), 0o755);
	write('sendmail', '#!/bin/sh\nexec cat >/dev/null\n', 0o755);
	write('z.conf', confOf(folder));
	write('zeo.conf', serverConfOf(folder, port));
	symlinkSync(zeoctlFile, at('bin/zeoctl'));
	if (!(await withZodb(t, [{do: 'commit', path: at('Data.fs'), count: 3}]))) return undefined;

	const env = {
		PATH: `${at('bin')}:${path.dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
	};
	const run = (...words: readonly string[]): Promise<Result> =>
		runCommand(t, [at('bin/zeoctl'), '-C', 'z.conf', ...words], {cwd: folder, env});
	return {
		...{folder, port, at, run},
		edit(name, from, to) {
			writeFileSync(at(name), readFileSync(at(name), 'utf8').replace(from, to));
		},
		type: command => runCommand(t, ['sh', '-c', command.replace(/^sudo /, '')], {cwd: folder, env}),
		examine: (...groups) =>
			waitFor('an examination in time', async () => {
				const {stdout, exitCode} = await run('doctor', ...groups, '--json');
				const document: DoctorDocument = JSON.parse(stdout);
				return isHurried(document) ? undefined : {...document, exitCode};
			}),
	};
};

/** Whether something ran out of time, as it may on a machine that is busy with other tests. */
const isHurried = (document: DoctorDocument): boolean =>
	complaints(document).some(each => /no answer|not answer/.test(each));

/** What the machine of a test may lack, or have in another way, without a fault of the instance. */
const ofTheMachine: readonly string[] = ['clock-kept', 'tools', 'interpreter'];

/** What is not as it should be, as `check level: message`; that a test is run by root does not count. */
export const complaints = ({checks}: DoctorDocument): readonly string[] =>
	checks
		.filter(({name}) => !ofTheMachine.includes(name))
		.filter(({name}) => !(name === 'user' && process.geteuid?.() === 0))
		.flatMap(({name, findings}) =>
			findings
				.filter(({level}) => level !== 'ok' && level !== 'idle')
				.map(({level, message}) => `${name} ${level}: ${message}`),
		)
		.filter(complaint => !/network or user-space file system|control socket is on/.test(complaint));
