import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findInstalledZeo} from '../../src/cli/installed-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const environment = {PATH: '/usr/bin:/bin'};

test('the Python of a script tells which ZEO it has', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const runzeo = path.join(path.dirname(python), 'runzeo');
	const found = await findInstalledZeo([runzeo], environment, '/');
	t.regex(found?.version ?? '', /^[4-9]\.\d/);
	t.regex(found?.python ?? '', /python/);
});

test('a program that is no Python script has no ZEO', async t => {
	t.is(await findInstalledZeo(['sleep', '1'], environment, '/'), undefined);
});

test('a program that is not there has no ZEO', async t => {
	t.is(await findInstalledZeo(['./nothing'], environment, '/'), undefined);
});

test('a Python without ZEO is no answer', async t => {
	const folder = temporaryFolder(t);
	const python = path.join(folder, 'python3');
	writeFileSync(python, '#!/bin/sh\nexit 1\n', {mode: 0o755});
	const script = path.join(folder, 'runzeo');
	writeFileSync(script, `#!${python}\n`, {mode: 0o755});
	t.is(await findInstalledZeo([script], environment, '/'), undefined);
});
