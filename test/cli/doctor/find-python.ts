import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findPython} from '../../../src/cli/doctor/find-python.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

/** A folder with a `bin/python3` and a script that runs it. */
const scene = (t: ExecutionContext<unknown>, script: string) => {
	const directory = temporaryFolder(t);
	mkdirSync(path.join(directory, 'bin'));
	const python = path.join(directory, 'bin/python3');
	writeFileSync(python, '', {mode: 0o755});
	const write = (name: string, text: string): void =>
		writeFileSync(path.join(directory, name), text.replaceAll('{python}', python), {mode: 0o755});
	write('bin/runzeo', script);
	const environment = {PATH: `${directory}/bin:/usr/bin:/bin`};
	const find = (...words: readonly string[]) => findPython(words, {environment, directory});
	return {python, write, find, directory};
};

test('the Python of a script', t => {
	const {python, find} = scene(t, '#!{python}\nimport ZEO\n');
	t.like(find('bin/runzeo', '-C', 'x'), {python, paths: []});
});

test('the Python that env finds', t => {
	const {python, find} = scene(t, '#!/usr/bin/env python3\n');
	t.is(find('runzeo')?.python, python);
});

test('a Python that is named itself, also after a launcher', t => {
	const {python, find} = scene(t, '');
	t.is(find('python3', '-m', 'ZEO.runzeo')?.python, python);
	t.is(find('nice', '-n', '5', 'python3', '-m', 'ZEO.runzeo')?.python, python);
});

test('the variables that a launcher is told to set', t => {
	const {python, find, directory} = scene(t, '#!{python}\n');
	t.like(find('env', '-u', 'A', 'PYTHONPATH=/lib/a=b', 'LANG=', 'runzeo', 'B=b'), {
		python,
		environment: {PATH: `${directory}/bin:/usr/bin:/bin`, PYTHONPATH: '/lib/a=b', LANG: ''},
	});
	t.deepEqual(find('env', 'PATH=/nowhere', 'runzeo'), undefined);
});

test('the folders that buildout adds', t => {
	const text =
		'#!{python}\nimport sys\nsys.path[0:0] = [\n  \'/eggs/ZEO.egg\',\n  "/eggs/ZODB.egg",\n  ]\n';
	const {find} = scene(t, text);
	t.deepEqual(find('runzeo')?.paths, ['/eggs/ZEO.egg', '/eggs/ZODB.egg']);
});

test('a shell script that runs the script', t => {
	const {python, write, find} = scene(t, '#!{python}\n');
	write('start', '#!/bin/sh\nexec "$(dirname "$0")/bin/runzeo" "$@"\n');
	t.is(find('./start')?.python, python);
});

test('a script that runs itself comes to an end', t => {
	const {write, find, directory} = scene(t, '');
	write('runzeo', `#!/bin/sh\nexec ${directory}/runzeo "$@"\n`);
	t.is(find('./runzeo'), undefined);
});

test('other programs have none', t => {
	const {find} = scene(t, '#!/bin/sh\nsleep 1\n');
	t.is(find('runzeo'), undefined);
	t.is(find('sleep', '1'), undefined);
	t.is(find('./nothing'), undefined);
	t.is(find(), undefined);
});
