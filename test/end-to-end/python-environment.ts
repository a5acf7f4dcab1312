import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, type Result, type RunOptions, runCommand} from '../helpers/zeoctl.js';

const script = path.join(projectRoot, 'scripts/python-environment.mjs');

// One small package, as a release pins it, is enough to see every way work.
const [smallPackage = ''] =
	/^zc-lockfile==(?:.*\\\n)*.*/m.exec(
		readFileSync(path.join(projectRoot, 'scripts/releases/2026.11/zeo-6.txt'), 'utf8'),
	) ?? [];

const makeEnvironment = (
	t: ExecutionContext,
	folder: string,
	env: RunOptions['env'] = {},
): Promise<Result> => {
	const list = path.join(folder, 'list.txt');
	writeFileSync(list, smallPackage);
	const options = {
		folder: path.join(folder, 'an env'),
		requirements: list,
		modules: ['zc.lockfile'],
	};
	const code = `
		import {makePythonEnvironment} from ${JSON.stringify(script)};
		try {
			console.log(await makePythonEnvironment(${JSON.stringify(options)}));
		} catch (error) {
			console.error(error.message, error.hint);
			process.exitCode = 1;
		}`;
	const argv: [string, ...string[]] = [process.execPath, '--input-type=module', '--eval', code];
	return runCommand(t, argv, {cwd: folder, env, limitMs: 120_000});
};

const isOffline = (t: ExecutionContext, {stderr}: Result): boolean => {
	const offline = stderr.includes('cannot be reached');
	if (offline) skip(t, stderr.trim());
	return offline;
};

// A folder for PATH in which `python3` behaves like a poorer one.
const poorPython = (folder: string, refusals: string): string => {
	const bin = path.join(folder, 'bin');
	mkdirSync(bin);
	const text = `#!/bin/sh\nPATH=\${PATH#*:}\ncase "$*" in\n*--without-pip*) ;;\n${refusals}\nesac\nexec python3 "$@"\n`;
	writeFileSync(path.join(bin, 'python3'), text);
	chmodSync(path.join(bin, 'python3'), 0o755);
	return `${bin}:${process.env['PATH']}`;
};

const noEnsurepip = '"-m venv "*) mkdir -p "$3/bin"; echo "ensurepip is not available"; exit 1;;';
const noPip = '"-m pip "*) echo "python3: No module named pip"; exit 1;;';
// Whatever else is installed, the search ends at the first python3.
const withoutUv = (folder: string): void => {
	const uv = path.join(folder, 'bin/uv');
	writeFileSync(uv, '#!/bin/sh\nexit 1\n');
	chmodSync(uv, 0o755);
};

test('an environment is made once and repaired when something is missing', async t => {
	const folder = temporaryFolder(t);
	const first = await makeEnvironment(t, folder);
	if (isOffline(t, first)) return;
	t.is(first.exitCode, 0, first.stdout + first.stderr);
	t.regex(first.stdout, /installing Python packages into an env \.\.\. \d+\.\d s\n/);

	const again = await makeEnvironment(t, folder);
	t.is(again.stdout, `${path.join(folder, 'an env/bin/python')}\n`);

	rmSync(path.join(folder, 'an env/bin'), {recursive: true});
	const repaired = await makeEnvironment(t, folder);
	t.is(repaired.exitCode, 0, repaired.stdout + repaired.stderr);
	t.true(existsSync(path.join(folder, 'an env/bin/python')));
});

test('a Python without ensurepip installs with its own pip', async t => {
	const folder = temporaryFolder(t);
	const PATH = poorPython(folder, noEnsurepip);
	withoutUv(folder);
	const {stdout, stderr, exitCode} = await makeEnvironment(t, folder, {PATH});
	if (isOffline(t, {stdout, stderr, exitCode, signal: null})) return;
	t.is(exitCode, 0, stdout + stderr);
	t.regex(stdout, /--without-pip \.\.\. \d/);
});

test('a Python without ensurepip and pip is told the package to install', async t => {
	const folder = temporaryFolder(t);
	const PATH = poorPython(folder, `${noEnsurepip}\n${noPip}`);
	withoutUv(folder);
	const {stderr, exitCode} = await makeEnvironment(t, folder, {PATH});
	t.is(exitCode, 1);
	t.regex(stderr, /cannot make a Python environment: .* type: (sudo )?apt install python3-venv\n$/);
});

test('a machine without network is told so', async t => {
	const folder = temporaryFolder(t);
	const index = 'http://127.0.0.1:9/simple';
	const env = {
		...{PIP_INDEX_URL: index, PIP_FIND_LINKS: '', PIP_NO_CACHE_DIR: '1', PIP_EXTRA_INDEX_URL: ''},
		...{UV_INDEX_URL: index, UV_NO_CACHE: '1'},
	};
	const {stderr, exitCode} = await makeEnvironment(t, folder, env);
	t.is(exitCode, 1);
	t.regex(stderr, /^cannot install the Python packages: the package index cannot be reached\n/);
});
