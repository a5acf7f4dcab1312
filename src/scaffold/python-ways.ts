import path from 'node:path';
import type {EnvironmentPlan} from './python-env.js';

/** Runs a command to its end. Output is what it printed, on both streams. */
export type Run = (
	argv: readonly string[],
) => Promise<{readonly ok: boolean; readonly output: string}>;

/** One way to make an environment. After the last, no other is tried when only its packages failed. */
type Way = {
	readonly name: string;
	readonly create: readonly string[];
	readonly install: readonly string[];
	readonly isLast: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** What pip and uv are run with: the settings of a person's own pip have no place in the environment of an instance. */
export const plainPipEnvironment = (environment: Environment): Environment => ({
	...environment,
	...{PYTHONPATH: undefined, PYTHONHOME: undefined, VIRTUAL_ENV: undefined},
	...{PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_NO_INPUT: '1'},
});

/** The oldest Python for which packages are pinned. */
export const oldestPython = [3, 9] as const;

const newerPythons = [16, 15, 14, 13, 12, 11, 10, 9].map(minor => `python3.${minor}`);

/** What was found: a Python by its name, or one that is there but of no use to the server. */
export type FoundPython = {readonly python: string} | {readonly unusable: string | undefined};

/** The first Python on PATH, or of the system, that is new enough, and that the server's user can run. */
export const findPython = async (
	run: Run,
	isUsable: (file: string) => boolean,
): Promise<FoundPython> => {
	const question = 'import os, sys; print(*sys.version_info[:2], os.path.realpath(sys.executable))';
	let unusable: string | undefined;
	for (const name of ['python3', ...newerPythons, 'python', '/usr/bin/python3']) {
		const {ok, output} = await run([name, '-c', question]);
		const [, major, minor, file = ''] = /^(\d+) (\d+) (.*)/.exec(output) ?? [];
		if (!ok || Number(major) !== oldestPython[0] || Number(minor) < oldestPython[1]) continue;
		if (isUsable(file)) return {python: name};
		unusable ??= file;
	}
	return {unusable};
};

/** From the fastest way to the one that asks for the least. Debian splits `ensurepip` off its Python. */
export const planWays = (
	{folder, requirements, wheels, cache}: EnvironmentPlan,
	{uv, python}: {readonly uv: boolean; readonly python: string | undefined},
): readonly Way[] => {
	const inside = path.join(folder, 'bin/python');
	const source = wheels === undefined ? [] : ['--no-index', '--find-links', wheels];
	const kept = cache === undefined ? [] : ['--cache-dir', cache];
	const packages = ['--no-deps', '--require-hashes', ...source, ...kept, '-r', requirements];
	const pip = ['install', '--disable-pip-version-check', '--retries', '2', ...packages];
	const withUv = {
		name: 'uv',
		create: ['uv', 'venv', '--no-project', '--python', python ?? '>=3.9', folder],
		install: ['uv', 'pip', 'install', '--python', inside, ...packages],
		isLast: false,
	};
	return [
		...(uv ? [withUv] : []),
		...(python === undefined
			? []
			: [
					{
						name: `${python} -m venv`,
						create: [python, '-m', 'venv', folder],
						install: [inside, '-m', 'pip', ...pip],
						isLast: true,
					},
					{
						name: `${python} -m venv --without-pip`,
						create: [python, '-m', 'venv', '--without-pip', folder],
						install: [python, '-m', 'pip', '--python', inside, ...pip],
						isLast: true,
					},
				]),
	];
};
