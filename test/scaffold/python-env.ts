import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {makePythonEnvironment} from '../../src/scaffold/python-env.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

type Outcome = {readonly ok: boolean; readonly output: string};

// Commands that answer by the first pattern that fits what they are asked; an environment is imported from once it
// was installed into.
const scene = (t: ExecutionContext, answers: readonly (readonly [RegExp, string])[] = []) => {
	const root = temporaryFolder(t);
	const folder = path.join(root, 'env');
	const requirements = path.join(root, 'requirements.txt');
	writeFileSync(requirements, 'ZEO==6.2\n');
	const asked: string[] = [];
	let isInstalled = false;
	const run = async (argv: readonly string[]): Promise<Outcome> => {
		const line = argv.join(' ').replaceAll(root, '.');
		asked.push(line);
		const found = answers.find(([pattern]) => pattern.test(line));
		if (found) return {ok: false, output: found[1]};
		if (line.includes('import os, sys'))
			return {ok: true, output: `3 11 ${line.startsWith('/') ? '/usr' : '/root'}/bin/python\n`};
		if (line.includes('venv')) mkdirSync(path.join(folder, 'bin'), {recursive: true});
		if (line.includes(' install ')) isInstalled = true;
		return {ok: !line.includes('-c import') || (isInstalled && existsSync(folder)), output: ''};
	};
	const plan = {
		folder,
		requirements,
		modules: ['ZEO'],
		wheels: undefined,
		cache: '/cache',
		isUsable: () => true,
	};
	const make = (more: object = {}) =>
		makePythonEnvironment({...plan, ...more}, {run, tell: () => undefined});
	return {make, asked, folder, requirements, python: path.join(folder, 'bin/python')};
};

const noUv = [/^uv/, 'not found'] as const;

test('an environment is made from the pinned packages, each checked by its digest', async t => {
	const {make, asked, python} = scene(t, [noUv]);
	t.deepEqual(await make(), {python, made: true});
	t.deepEqual(asked.slice(-3), [
		'python3 -m venv ./env',
		'./env/bin/python -m pip install --disable-pip-version-check --retries 2 --no-deps --require-hashes --cache-dir /cache -r ./requirements.txt',
		'./env/bin/python -c import ZEO',
	]);
});

test('uv is taken where it is there', async t => {
	const {make, asked} = scene(t);
	await make();
	t.true(asked.some(line => line.startsWith('uv pip install --python ./env/bin/python ')));
});

test('with a folder of wheels, no network is asked', async t => {
	const {make, asked} = scene(t, [noUv]);
	await make({wheels: '/wheels'});
	t.true(asked.some(line => line.includes(' --no-index --find-links /wheels ')));
});

test('a folder that lacks a wheel is named, with the command that fills it', async t => {
	const {make, requirements} = scene(t, [
		noUv,
		[/ install /, 'ERROR: Could not find a version (from versions: none)'],
	]);
	t.like(await make({wheels: '/my wheels'}), {
		failure: {
			reason:
				'cannot install the Python packages: /my wheels lacks one of them\nERROR: Could not find a version (from versions: none)',
			hint: `python3 -m pip download --no-deps --require-hashes -r ${requirements} -d '/my wheels'`,
		},
	});
});

test('an environment that is as wanted is left alone', async t => {
	const {make, asked, python} = scene(t, [noUv]);
	await make();
	asked.length = 0;
	t.deepEqual(await make(), {python, made: false});
	t.deepEqual(asked, ['./env/bin/python -c import ZEO']);
});

test('one that was made from another list is made anew', async t => {
	const {make, folder} = scene(t, [noUv]);
	await make();
	writeFileSync(path.join(folder, '.installed'), 'ZEO==5.4\n');
	t.like(await make(), {made: true});
	t.is(readFileSync(path.join(folder, '.installed'), 'utf8'), 'ZEO==6.2\n');
});

for (const [form, head] of [
	['its first line', (python: string) => `#!${python}\n`],
	['a shell', (python: string) => `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`],
] as const)
	test(`one that was moved is made anew, as its commands name the old place by ${form}`, async t => {
		const {make, folder, python} = scene(t, [noUv]);
		await make();
		const command = path.join(folder, 'bin/runzeo');
		writeFileSync(command, head(python));
		t.like(await make(), {made: false});
		writeFileSync(command, head('/the old place/env/bin/python'));
		t.like(await make(), {made: true});
	});

test('what is half made is made anew', async t => {
	const {make, folder} = scene(t, [noUv]);
	mkdirSync(path.join(folder, 'bin'), {recursive: true});
	t.like(await make(), {made: true});
});

const fails = test.macro(
	async (t: ExecutionContext, answers: readonly (readonly [RegExp, string])[], wanted: object) => {
		const {make, folder} = scene(t, [noUv, ...answers]);
		t.like(await make(), {failure: wanted});
		t.false(existsSync(folder), 'nothing half made is left');
	},
);

test('a machine without Python is told what to install', fails, [[/import os, sys/, 'not found']], {
	packages: 'python3 python3-venv',
});
test(
	'a Python without ensurepip and pip is told what to install',
	fails,
	[
		[/-m venv \.\/env/, 'ensurepip is not available'],
		[/ install /, 'No module named pip'],
	],
	{packages: 'python3-venv'},
);
test(
	'a machine without network is told so',
	fails,
	[[/ install /, 'x\nERROR: Could not find a version (from versions: none)\ny']],
	{
		reason:
			'cannot install the Python packages: the package index cannot be reached\nERROR: Could not find a version (from versions: none)',
	},
);
test('any other failure shows what was printed last', fails, [[/ install /, 'a digest is wrong']], {
	reason: 'cannot install the Python packages\na digest is wrong',
});

test('a Python that the server could not run is passed over', async t => {
	const {make, asked} = scene(t, [noUv]);
	t.like(await make({isUsable: (file: string) => !file.startsWith('/root/')}), {made: true});
	t.true(asked.includes('/usr/bin/python3 -m venv ./env'));
	t.like(await make({isUsable: () => true}), {made: false});
	t.like(await make({isUsable: (file: string) => file.startsWith('/usr/')}), {made: true});
	const none = scene(t);
	t.like(await none.make({isUsable: () => false}), {
		failure: {reason: 'cannot use /root/bin/python: the user of the server could not run it'},
	});
});

test('a Python without ensurepip installs with its own pip', async t => {
	const {make, asked} = scene(t, [noUv, [/-m venv \.\/env/, 'ensurepip is not available']]);
	t.like(await make(), {made: true});
	t.true(asked.some(line => line.startsWith('python3 -m pip --python ./env/bin/python install ')));
});

test('an environment that cannot be imported from is a failure', async t => {
	const {make} = scene(t, [noUv, [/-c import ZEO/, 'Traceback\nImportError: no ZEO']]);
	const result = await make();
	t.regex('failure' in result ? result.failure.reason : '', /ImportError: no ZEO$/);
});
