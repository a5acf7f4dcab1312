import {existsSync, readFileSync} from 'node:fs';
import test from 'ava';
import {container, hasContainers} from '../helpers/container.js';
import {supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {startCommand, zeoctlFile} from '../helpers/zeoctl.js';

test('as the first process of a container it starts, restarts and stops a program whose orphans nobody reaps', async t => {
	if (!(await hasContainers(t))) return;
	const instance = supervised(t, {program: './program', runner: 'backoff-limit 2'});
	const {folder, at} = instance;
	instance.script(
		'program',
		'#!/bin/sh\necho "life of $PPID"\n(sh -c ": > orphan" &)\nexec sleep 600\n',
	);
	const words = [process.execPath, zeoctlFile, '-C', at('d.conf'), 'supervise'];
	const inside = startCommand(t, [...container, ...words], {cwd: folder});
	await waitFor(
		'the first life',
		() => /life of 1\n/.test(inside.stdout()) && existsSync(at('orphan')),
	);
	const restarted = await instance.run(['restart']);
	t.is(restarted.exitCode, 0, restarted.stderr);
	await waitFor('the second life', () => inside.stdout().split('life of 1\n').length === 3);
	const [supervisor = ''] = readFileSync(
		`/proc/${inside.pid}/task/${inside.pid}/children`,
		'latin1',
	).split(' ');
	process.kill(Number(supervisor), 'SIGTERM');
	const ended = await inside.result;
	t.is(ended.exitCode, 0, ended.stderr);
	t.false(existsSync(instance.socket));
});
