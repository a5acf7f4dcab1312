import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {type ExecutableState, inspectExecutable} from '../../src/program/executable.js';
import {makeFolder} from '../helpers/fake-zeo.js';

const cases: Readonly<Record<string, readonly [string, number, ExecutableState]>> = {
	'a script with its interpreter': ['#!/bin/sh\n', 0o755, {state: 'fine'}],
	'a script of env': ['#! /usr/bin/env python3\n', 0o755, {state: 'fine'}],
	'a program without a first line of that kind': ['\u007fELF', 0o755, {state: 'fine'}],
	'an empty program': ['', 0o755, {state: 'fine'}],
	'a script without the right to execute': ['#!/bin/sh\n', 0o644, {state: 'not-executable'}],
	'a script whose interpreter is gone': [
		'#!/srv/gone/bin/python3 -s\n',
		0o755,
		{state: 'no-interpreter', interpreter: '/srv/gone/bin/python3'},
	],
	'a script with DOS line ends': [
		'#!/bin/sh\r\necho\r\n',
		0o755,
		{state: 'no-interpreter', interpreter: '/bin/sh\r'},
	],
};

for (const [title, [content, mode, expected]] of Object.entries(cases)) {
	test(`${title} is ${JSON.stringify(expected)}`, async t => {
		const file = path.join(await makeFolder(t), 'program');
		await writeFile(file, content);
		await chmod(file, mode);
		t.deepEqual(inspectExecutable(file), expected);
	});
}

test('an interpreter that nobody may execute is not called missing', async t => {
	const folder = await makeFolder(t);
	const interpreter = path.join(folder, 'python3');
	await writeFile(interpreter, '', {mode: 0o644});
	const file = path.join(folder, 'program');
	await writeFile(file, `#!${interpreter}\n`);
	await chmod(file, 0o755);
	t.deepEqual(inspectExecutable(file), {state: 'interpreter-denied', interpreter});
});

test('what is not there is missing, and a folder is a folder', async t => {
	const folder = await makeFolder(t);
	t.deepEqual(inspectExecutable(path.join(folder, 'none')), {state: 'missing'});
	t.deepEqual(inspectExecutable(path.join(folder, 'a\0b')), {state: 'missing'});
	t.deepEqual(inspectExecutable(folder), {state: 'folder'});
});
