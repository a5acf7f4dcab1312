import {readdir, readFile, realpath, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type EnvironmentFailure, explainFailures} from './python-failures.js';
import {findPython, oldestPython, planWays, type Run} from './python-ways.js';

/** What an environment is made from. */
export type EnvironmentPlan = {
	/** Absolute path of the environment. */
	readonly folder: string;
	/** The pinned packages, as pip reads them. */
	readonly requirements: string;
	/** What must be there to be imported. */
	readonly modules: readonly string[];
	/** A folder of wheels to take instead of the package index. */
	readonly wheels: string | undefined;
	/** Where downloaded packages are kept. */
	readonly cache: string | undefined;
	/** Whether the server's user can run a Python. */
	readonly isUsable: (python: string) => boolean;
};

/** How it went; `made` says whether anything had to be done. */
export type EnvironmentResult =
	| {readonly python: string; readonly made: boolean}
	| {readonly failure: EnvironmentFailure};

/**
 * Makes a Python environment that holds exactly the packages of a list, or repairs it. Nothing is done when all its
 * modules can be imported, the list is the one that it was made from, it was not moved, and the server's user can run it.
 * `run` never throws.
 */
export const makePythonEnvironment = async (
	plan: EnvironmentPlan,
	{run, tell}: {readonly run: Run; readonly tell: (step: string) => void},
): Promise<EnvironmentResult> => {
	const {folder, requirements, modules} = plan;
	const python = path.join(folder, 'bin/python');
	const stamp = path.join(folder, '.installed');
	const wanted = await readFile(requirements, 'utf8');
	const found = await readFile(stamp, 'utf8').catch(() => undefined);
	const isUsable = plan.isUsable(await realpath(python).catch(() => python));
	const isAsMade = found === wanted && isUsable && (await isInPlace(folder));
	if (isAsMade && (await importProblem(python, modules, run)) === undefined)
		return {python, made: false};

	const failure = await build(plan, {run, tell});
	if (failure) return {failure};
	const problem = await importProblem(python, modules, run);
	if (problem !== undefined)
		return {failure: {reason: `cannot use the Python environment ${folder}: ${problem}`}};
	await writeFile(stamp, wanted);
	return {python, made: true};
};

/**
 * Whether the commands of an environment have its Python. They name it by its path, so where the folder was moved none
 * of them runs.
 */
const isInPlace = async (folder: string): Promise<boolean> => {
	const bin = path.join(folder, 'bin');
	const place = await realpath(bin).catch(() => undefined);
	const entries = await readdir(bin, {withFileTypes: true}).catch(() => []);
	for (const entry of entries.filter(each => each.isFile())) {
		const text = await readFile(path.join(bin, entry.name), 'latin1');
		const [, named] = ownPython.exec(text) ?? [];
		const isOwn =
			named !== undefined && path.basename(path.dirname(named)) === path.basename(folder);
		if (isOwn && (await realpath(named).catch(() => undefined)) !== place) return false;
	}
	return true;
};

/** The folder of the Python in the first line of a command, or in the second where a `#!` line cannot have it. */
const ownPython = /^#!(?:\/bin\/sh\n'''exec' ["']?)?(\/[^\n"']*\/bin)\/python/;

const importProblem = async (
	python: string,
	modules: readonly string[],
	run: Run,
): Promise<string | undefined> => {
	const {ok, output} = await run([python, '-c', `import ${modules.join(', ')}`]);
	return ok ? undefined : (output.trim().split('\n').at(-1) ?? '');
};

const build = async (
	plan: EnvironmentPlan,
	{run, tell}: {readonly run: Run; readonly tell: (step: string) => void},
): Promise<EnvironmentFailure | undefined> => {
	const uv = (await run(['uv', '--version'])).ok;
	const found = await findPython(run, plan.isUsable);
	const python = 'python' in found ? found.python : undefined;
	if ('unusable' in found && found.unusable !== undefined)
		return {
			reason: `cannot use ${found.unusable}: the user of the server could not run it`,
			packages: 'python3 python3-venv',
		};
	if (python === undefined && !uv)
		return {
			reason: `cannot find Python ${oldestPython.join('.')} or newer on PATH`,
			packages: 'python3 python3-venv',
		};
	const failures: string[] = [];
	for (const {name, create, install, isLast} of planWays(plan, {uv, python})) {
		await rm(plan.folder, {recursive: true, force: true});
		tell(`making ${plan.folder} with ${name}`);
		const made = await run(create);
		if (!made.ok) {
			failures.push(made.output);
			continue;
		}
		tell(`installing Python packages into ${plan.folder}`);
		const installed = await run(install);
		if (installed.ok) return undefined;
		failures.push(installed.output);
		if (isLast) break;
	}
	await rm(plan.folder, {recursive: true, force: true});
	return explainFailures(failures, {...plan, python});
};
