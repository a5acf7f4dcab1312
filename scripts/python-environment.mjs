// Makes a Python environment that holds exactly the packages of a list of pinned versions.
import {readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {run, showProgress} from './progress.mjs';

/** Why there is no environment, with what to do about it. */
export class PythonEnvironmentError extends Error {
	constructor(message, hint) {
		super(message);
		this.hint = hint;
	}
}

const oldest = [3, 9];
const names = ['python3', ...Array.from({length: 8}, (_, n) => `python3.${16 - n}`), 'python'];

// Settings of the person's own pip that have no place in an environment.
const env = {...process.env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_NO_INPUT: '1'};
for (const name of ['PYTHONPATH', 'PYTHONHOME', 'VIRTUAL_ENV']) delete env[name];

/**
 * Make the environment `folder` from the files `requirements`, or repair it; nothing is done when all its
 * `modules` can be imported and the files are those it was made from. Resolves to the path of its Python.
 */
export const makePythonEnvironment = async ({folder, requirements, modules}) => {
	const python = path.join(folder, 'bin/python');
	const stamp = path.join(folder, '.installed');
	const wanted = (await Promise.all(requirements.map(file => readFile(file, 'utf8')))).join('');
	const found = await readFile(stamp, 'utf8').catch(() => undefined);
	if (found === wanted && (await importProblem(python, modules)) === undefined) return python;

	await build({folder, requirements});
	const problem = await importProblem(python, modules);
	if (problem !== undefined) {
		throw new PythonEnvironmentError(`cannot use the Python environment ${folder}: ${problem}`);
	}
	await writeFile(stamp, wanted);
	return python;
};

const importProblem = async (python, modules) => {
	const {ok, output} = await run([python, '-c', `import ${modules.join(', ')}`], {env});
	return ok ? undefined : lastLine(output);
};

const build = async ({folder, requirements}) => {
	const shown = path.relative(process.cwd(), folder);
	const uv = (await run(['uv', '--version'])).ok;
	const python = await findPython();
	if (python === undefined && !uv) throw noPython();
	const failures = [];
	for (const way of ways({folder, requirements, python, uv})) {
		await rm(folder, {recursive: true, force: true});
		const made = await step(`making ${shown} with ${way.name}`, way.create);
		if (!made.ok) {
			failures.push(made.output);
			continue;
		}
		const installed = await step(`installing Python packages into ${shown}`, way.install);
		if (installed.ok) return;
		failures.push(installed.output);
		if (way.isLast) break;
	}
	throw explain(failures, python);
};

const findPython = async () => {
	const question = 'import sys; print(*sys.version_info[:2])';
	for (const name of names) {
		const {ok, output} = await run([name, '-c', question], {env});
		const [major, minor] = output.trim().split(' ').map(Number);
		if (ok && major === oldest[0] && minor >= oldest[1]) return name;
	}
	return undefined;
};

// From the fastest way to the one that asks for the least. Debian splits `ensurepip` off its Python.
const ways = ({folder, requirements, python, uv}) => {
	const inside = path.join(folder, 'bin/python');
	const packages = ['--no-deps', ...requirements.flatMap(file => ['-r', file])];
	const pip = ['install', '--disable-pip-version-check', '--retries', '2', ...packages];
	return [
		uv && {
			name: 'uv',
			create: ['uv', 'venv', '--no-project', '--python', python ?? '>=3.9', folder],
			install: ['uv', 'pip', 'install', '--python', inside, ...packages],
		},
		python && {
			name: `${python} -m venv`,
			create: [python, '-m', 'venv', folder],
			install: [inside, '-m', 'pip', ...pip],
			isLast: true,
		},
		python && {
			name: `${python} -m venv --without-pip`,
			create: [python, '-m', 'venv', '--without-pip', folder],
			install: [python, '-m', 'pip', '--python', inside, ...pip],
		},
	].filter(Boolean);
};

const step = async (what, argv) => {
	let result;
	await showProgress(what, async () => {
		result = await run(argv, {env});
		if (!result.ok) throw new Error(result.output);
	}).catch(() => {});
	return result;
};

const unreachable =
	/from versions: none|name resolution|Name or service|new connection|Connection refused|Connection reset|timed out|unreachable|Max retries|ProxyError|dns error|error sending request|CERTIFICATE_VERIFY/i;

const explain = (failures, python) => {
	const text = failures.join('\n');
	const reason = failures.findLast(failure => unreachable.test(failure));
	if (reason !== undefined) {
		const line = reason.split('\n').find(each => unreachable.test(each));
		return new PythonEnvironmentError(
			`cannot install the Python packages: the package index cannot be reached\n${line.trim()}`,
			'check the network and the settings of pip (PIP_INDEX_URL, HTTPS_PROXY), then type the command again',
		);
	}
	if (/ensurepip|No module named (pip|venv)|no such option: --python/.test(text)) {
		return new PythonEnvironmentError(
			`cannot make a Python environment: ${python} has neither ensurepip nor a pip that could stand in for it`,
			apt(python === 'python3' || python === 'python' ? 'python3-venv' : `${python}-venv`),
		);
	}
	return new PythonEnvironmentError(`cannot install the Python packages\n${tail(text)}`);
};

const noPython = () =>
	new PythonEnvironmentError(
		`cannot find Python ${oldest.join('.')} or newer: looked for ${names[0]}, ${names[1]} … ${names.at(-2)} on PATH`,
		apt('python3 python3-venv'),
	);

const apt = packages => `type: ${process.getuid() === 0 ? '' : 'sudo '}apt install ${packages}`;
const lastLine = text => text.trim().split('\n').at(-1);
const tail = text => text.trim().split('\n').slice(-15).join('\n');
