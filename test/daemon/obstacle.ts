import {chmodSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findObstacle} from '../../src/daemon/obstacle.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a program that could be started, of a conf that can be read, has no obstacle', t => {
	t.is(findObstacle('/bin/sh', {obstacle: () => undefined}), undefined);
	t.is(findObstacle('/bin/sh', {obstacle: () => 'the conf is broken'}), 'the conf is broken');
});

test('a program that has gone, or may not be executed, is an obstacle', t => {
	const file = path.join(temporaryFolder(t), 'program');
	const obstacle = () => findObstacle(file, {obstacle: () => undefined});
	writeFileSync(file, '#!/bin/sh\n', {mode: 0o755});
	t.is(obstacle(), undefined);
	chmodSync(file, 0o644);
	t.is(obstacle(), `the program ${file} cannot be executed any more: permission denied`);
	rmSync(file);
	t.is(obstacle(), `the program ${file} cannot be executed any more: no such file or directory`);
});
