import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {highestExposure, parseExposure} from './exposure.js';
import type {GeneratedFile} from './plan.js';

/**
 * Shows generated files to the programs that will read them, as far as these are installed, and resolves to what they
 * object to: one line each, with the program's name. With `isStrict` a sandbox with holes is an objection, too: how
 * those are counted changes with systemd.
 */
export const verifyFiles = async (
	files: readonly GeneratedFile[],
	environment: Readonly<Record<string, string | undefined>>,
	{isStrict = false}: {readonly isStrict?: boolean} = {},
): Promise<readonly string[]> => {
	// Where they are is on root's PATH only.
	const PATH = `${environment['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;
	const folder = mkdtempSync(path.join(os.tmpdir(), 'zeoctl-verify-'));
	try {
		for (const {path: name, content, mode, kind} of files) {
			const file = path.join(folder, name);
			mkdirSync(path.dirname(file), {recursive: true});
			writeFileSync(file, kind === 'logrotate' ? withoutUser(content) : content, {mode});
		}
		const of = (kind: GeneratedFile['kind']): readonly string[] =>
			files.filter(file => file.kind === kind).map(file => path.join(folder, file.path));
		const objections = await Promise.all([
			verifyUnits(of('systemd'), {PATH, SYSTEMD_UNIT_PATH: `${folder}/systemd:`}),
			verifyScripts(of('initd'), {PATH}),
			verifyRotation(of('logrotate'), {PATH}, folder),
			...of('cron').map(file => verifyTable(file, {PATH})),
			...(isStrict ? files.filter(isSandboxed) : []).map(file =>
				verifySandbox(path.join(folder, file.path), file.content, {PATH}),
			),
		]);
		return objections.flat().map(line => line.replaceAll(`${folder}/`, ''));
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};

/** The user may be made later, by an installation; and who is not root cannot become another. */
const withoutUser = (content: string): string =>
	content.replace(/^\tsu .*\n/m, os.userInfo().uid === 0 ? '\tsu root root\n' : '');

type Environment = Readonly<Record<string, string>>;

const verifyUnits = async (
	files: readonly string[],
	environment: Environment,
): Promise<readonly string[]> => {
	if (files.length === 0) return [];
	const names = files.map(file => path.basename(file));
	const all = await ask(['systemd-analyze', 'verify', '--man=no', ...files], environment);
	// What it says of other units of the machine is not ours.
	return all
		.filter(line => names.some(name => line.includes(name)))
		.map(line => `systemd-analyze: ${line}`);
};

const isSandboxed = ({content}: GeneratedFile): boolean => /^NoNewPrivileges=yes$/m.test(content);

const verifySandbox = async (
	file: string,
	content: string,
	environment: Environment,
): Promise<readonly string[]> => {
	const limit = highestExposure(content);
	const words = ['security', '--offline=true', '--no-pager', file] as const;
	const mark = parseExposure((await ask(['systemd-analyze', ...words], environment)).join('\n'));
	return mark === undefined || mark <= limit
		? []
		: [`systemd-analyze: ${path.basename(file)} is exposed by ${mark}, more than ${limit}`];
};

const verifyScripts = async (
	files: readonly string[],
	environment: Environment,
): Promise<readonly string[]> => {
	if (files.length === 0) return [];
	// A dollar sign in the name of a folder is not meant to be expanded (SC2016).
	const all = await ask(['shellcheck', '--format=gcc', '--exclude=SC2016', ...files], environment);
	return all.map(line => `shellcheck: ${line}`);
};

const verifyRotation = async (
	files: readonly string[],
	environment: Environment,
	folder: string,
): Promise<readonly string[]> => {
	if (files.length === 0) return [];
	const state = path.join(folder, 'state');
	const all = await ask(['logrotate', '--debug', '--state', state, ...files], environment);
	return all.filter(line => /^error:/.test(line)).map(line => `logrotate: ${line}`);
};

const verifyTable = async (file: string, environment: Environment): Promise<readonly string[]> => {
	// What tests a table is `-T`; the cron of Debian 12 calls it `-n`, which elsewhere means something else.
	const said = await ask(['crontab', '-T', file], environment);
	const isUnknown = said.some(line => line.includes('invalid option'));
	const all = isUnknown ? await ask(['crontab', '-n', file], environment) : said;
	return all.filter(line => /:\d+: bad /.test(line)).map(line => `crontab: ${line}`);
};

/** The lines that a program prints; none where it is not installed or does not end in time. */
const ask = async (
	[program, ...words]: readonly [string, ...string[]],
	env: Environment,
): Promise<readonly string[]> => {
	const options = {all: true, reject: false, stdin: 'ignore', timeout: 60_000} as const;
	const {all, exitCode} = await execa(program, words, {
		...options,
		env: {...env, LC_ALL: 'C.UTF-8'},
	});
	return exitCode === undefined ? [] : all.split('\n').filter(line => line.trim() !== '');
};
