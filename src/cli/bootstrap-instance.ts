import {existsSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {ZeoctlError} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {makePythonEnvironment} from '../scaffold/python-env.js';
import {plainPipEnvironment, type Run} from '../scaffold/python-ways.js';
import {readRecord} from '../scaffold/read-instance.js';
import {renderPointer} from '../scaffold/wrappers.js';
import {isForServices} from './for-services.js';
import type {System} from './system.js';

/** The environment of an instance, and the versions of what matters in it. */
export type Bootstrapped = {
	readonly made: boolean;
	readonly python: string;
	readonly versions: Readonly<Record<string, string>>;
};

/** Makes the environment of an instance, or repairs it, and lets its `zeoctl` lead to that of the instance. */
export const bootstrapInstance = async (
	system: System,
	{
		folder,
		wheels,
		tell,
	}: {
		readonly folder: string;
		readonly wheels: string | undefined;
		readonly tell: (step: string) => void;
	},
): Promise<Bootstrapped> => {
	const requirements = path.join(folder, 'requirements.txt');
	if (!existsSync(requirements))
		throw new ZeoctlError(
			'SCAFFOLD',
			`cannot bootstrap ${quote(folder)}: it has no requirements.txt`,
			{
				hint: renderShellCommand(['zeoctl', 'init', folder]),
			},
		);
	const {zeo_version, eggs_directory} = readRecord(folder)?.answers ?? {};
	if (zeo_version === '4') throw withoutPython(folder);
	// What root makes is for the server's user, too.
	if (system.identity.geteuid() === 0) process.umask(0o022);
	const run = runIn(system, folder);
	const result = await makePythonEnvironment(
		{
			folder: path.join(folder, 'env'),
			requirements,
			modules: ['ZEO.runzeo', 'ZODB.FileStorage', 'zdaemon'],
			wheels,
			cache: eggs_directory === undefined ? undefined : path.resolve(folder, eggs_directory),
			isUsable: python => system.identity.geteuid() !== 0 || isForServices(python),
		},
		{run, tell},
	);
	if ('failure' in result) {
		const {reason, hint, packages} = result.failure;
		const help = packages === undefined ? hint : aptCommand(packages, system);
		throw new ZeoctlError('SCAFFOLD', reason, help === undefined ? {} : {hint: help});
	}
	replaceDurably(path.join(folder, 'env/bin/zeoctl'), renderPointer(), {mode: 0o755});
	return {...result, versions: await readVersions(result.python, run)};
};

const names = ['ZEO', 'ZODB', 'zdaemon', 'ZConfig'];

const readVersions = async (
	python: string,
	run: Run,
): Promise<Readonly<Record<string, string>>> => {
	const question = `import platform; from importlib.metadata import version; print(platform.python_version(), *map(version, ${JSON.stringify(names)}))`;
	const {output} = await run([python, '-c', question]);
	const [own = '', ...rest] = output.trim().split(' ');
	return {Python: own, ...Object.fromEntries(names.map((name, at) => [name, rest[at] ?? '']))};
};

const runIn =
	({environment}: System, cwd: string): Run =>
	async ([file = '', ...args]) => {
		const {failed, all, shortMessage} = await execa(file, args, {
			...{cwd, all: true, reject: false, stdin: 'ignore', extendEnv: false},
			env: {...plainPipEnvironment(environment), PYTHONDONTWRITEBYTECODE: '1'},
		});
		return {ok: !failed, output: all || (shortMessage ?? '')};
	};

const withoutPython = (folder: string): ZeoctlError => {
	const env = path.join(folder, 'env');
	const make = renderShellCommand(['virtualenv', '--python', 'python2.7', env]);
	const fill = renderShellCommand([path.join(env, 'bin/pip'), 'install', 'ZEO==4.3.1']);
	return new ZeoctlError(
		'SCAFFOLD',
		`cannot bootstrap ${quote(folder)}: ZEO 4 runs on Python 2.7 to 3.6, which zeoctl does not install`,
		{hint: `${make} && ${fill}`},
	);
};

const aptCommand = (packages: string, {identity}: System): string =>
	`${identity.geteuid() === 0 ? '' : 'sudo '}apt install ${packages}`;
