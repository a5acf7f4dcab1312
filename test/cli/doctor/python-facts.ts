import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readPythonFacts} from '../../../src/cli/doctor/python-facts.js';
import {testPython} from '../../helpers/python.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

/** For a machine that is busy with other tests. */
const patienceMs = 120_000;

const environment = {PATH: '/usr/bin:/bin'};

test('the Python of a real server tells its packages, and for which Pythons they are', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const runzeo = path.join(path.dirname(python), 'runzeo');
	const facts = await readPythonFacts([runzeo], {environment, directory: '/'}, patienceMs);
	t.regex(facts?.version ?? '', /^3\.\d+\.\d+$/);
	t.is(facts?.trouble, undefined);
	t.deepEqual(Object.keys(facts?.packages ?? {}).toSorted(), ['ZConfig', 'ZEO', 'ZODB', 'zdaemon']);
	t.regex(facts?.packages['ZEO']?.version ?? '', /^[4-9]\.\d/);
	t.true(facts?.packages['ZODB']?.pythons.some(each => /^3\.\d+$/.test(each)));
});

test('a server that cannot be imported says why', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const directory = temporaryFolder(t);
	writeFileSync(path.join(directory, 'ZEO.py'), 'raise RuntimeError("a broken egg")\n');
	const facts = await readPythonFacts(
		[python],
		{environment: {...environment, PYTHONPATH: directory}, directory: '/'},
		patienceMs,
	);
	t.is(facts?.trouble, 'RuntimeError: a broken egg');
});

test('what is imported from is what the program line says, as in env PYTHONPATH=...', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const directory = temporaryFolder(t);
	writeFileSync(path.join(directory, 'ZEO.py'), 'raise RuntimeError("another egg")\n');
	const facts = await readPythonFacts(
		['env', `PYTHONPATH=${directory}`, python],
		{environment, directory: '/'},
		patienceMs,
	);
	t.is(facts?.trouble, 'RuntimeError: another egg');
});

test('a Python that fails says so', async t => {
	const folder = temporaryFolder(t);
	const python = path.join(folder, 'python3');
	writeFileSync(python, '#!/bin/sh\necho "no such luck" >&2\nexit 3\n', {mode: 0o755});
	await t.throwsAsync(readPythonFacts([python], {environment, directory: folder}, patienceMs), {
		message: /does not tell what it has: no such luck$/,
	});
});

test('a program without a Python has no facts', async t => {
	t.is(await readPythonFacts(['sleep', '1'], {environment, directory: '/'}), undefined);
});

test('a Python that hangs is not waited for', async t => {
	const folder = temporaryFolder(t);
	const python = path.join(folder, 'python3');
	writeFileSync(python, '#!/bin/sh\nexec sleep 600\n', {mode: 0o755});
	await t.throwsAsync(readPythonFacts([python], {environment, directory: folder}, 50), {
		message: /no answer within 0\.05 s$/,
	});
});
