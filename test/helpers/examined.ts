import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {parseArguments} from '../../src/cli/arguments.js';
import {checks} from '../../src/cli/doctor/checks.js';
import type {Finding} from '../../src/cli/doctor/finding.js';
import {openSubject} from '../../src/cli/doctor/open-subject.js';
import {findProgramServer} from '../../src/settings/program-server.js';
import {resolveServer} from '../../src/settings/server.js';
import type {Settings} from '../../src/settings/settings.js';
import {fakeClock} from './fake-clock.js';
import {fakeSystem, type Scene} from './fake-system.js';
import {temporaryFolder} from './temporary-folder.js';
import {runCommand, zeoctlFile} from './zeoctl.js';

export type Examination = {
	readonly folder: string;
	/** The path of a file in the folder. */
	at(name: string): string;
	/** Writes a file, with the folders above it. */
	write(name: string, text: string, mode?: number): string;
	/** What the check of this name finds: `level: message`, and the remedies in full by `findings`. */
	levels(name: string): Promise<readonly string[]>;
	findings(name: string): Promise<readonly Finding[]>;
};

export type ExaminationOptions = {
	/** `{folder}` stands for the folder. */
	readonly conf?: string;
	readonly server?: string;
	readonly scene?: Scene;
	/** Unix milliseconds; without it, the time of the machine. */
	readonly now?: number;
};

const ownConf =
	'<runner>\n  program {folder}/runzeo -C {folder}/zeo.conf\n  socket-name sock\n</runner>\n';
const serverConf =
	'<zeo>\n  address 127.0.0.1:1\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n</filestorage>\n';

/**
 * An instance in a folder of its own, which is also its `/etc`, for checks to look at. Nothing runs. Who asks is an
 * ordinary user for the command, whatever the test is.
 */
export const examination = (
	t: ExecutionContext<unknown>,
	{conf = ownConf, server = serverConf, scene = {}, now}: ExaminationOptions = {},
): Examination => {
	const folder = temporaryFolder(t);
	const at = (name: string): string => path.join(folder, name);
	const write = (name: string, text: string, mode = 0o600): string => {
		mkdirSync(path.dirname(at(name)), {recursive: true});
		writeFileSync(at(name), text.replaceAll('{folder}', folder), {mode});
		return at(name);
	};
	write('z.conf', conf);
	write('zeo.conf', server);
	write('runzeo', '#!/bin/sh\n', 0o755);
	const findings = async (name: string): Promise<readonly Finding[]> => {
		const environment = {PATH: '/usr/bin:/bin', ...scene.environment};
		const system = {
			...fakeSystem(['-C', 'z.conf', 'doctor'], {
				...{cwd: folder, ...scene, environment},
				resolveServer: settings => resolveServer(settings, {environment, cwd: folder}).server,
			}),
			programName: zeoctlFile,
			clock: {...fakeClock(), now: () => now ?? Date.now()},
			findProgramServer: (settings: Settings) =>
				findProgramServer(settings, {environment, cwd: folder}),
		};
		const commandLine = parseArguments(system.argv, system.surroundings);
		const {subject, close} = await openSubject({system, commandLine}, {etc: folder});
		const check = checks.find(each => each.name === name);
		if (check === undefined) throw new Error(`there is no check '${name}'`);
		try {
			return await check.run(subject);
		} finally {
			close();
		}
	};
	return {
		...{folder, at, write, findings},
		levels: async name =>
			(await findings(name)).map(({level, message}) =>
				`${level}: ${message}`.replaceAll(folder, '.'),
			),
	};
};

/** What a check finds goes away when the command of its first finding is typed as printed, but for `sudo`. */
export const repairs = async (
	t: ExecutionContext<unknown>,
	{findings, levels, folder}: Examination,
	name: string,
	expected: RegExp,
): Promise<void> => {
	const [finding] = await findings(name);
	t.regex(`${finding?.level}: ${finding?.message}`, expected);
	const command = (finding?.command ?? 'false').replace(/^sudo /, '');
	const {exitCode, stderr} = await runCommand(t, ['sh', '-c', command], {cwd: folder});
	t.is(exitCode, 0, `${command}\n${stderr}`);
	t.deepEqual(
		(await levels(name)).filter(each => !/^(?:ok|idle): /.test(each)),
		[],
	);
};
