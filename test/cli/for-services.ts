import test from 'ava';
import {isForServices} from '../../src/cli/for-services.js';

test('a service sees the programs of the system, not what is somebody’s own', t => {
	t.true(isForServices('/bin/sh'));
	for (const program of ['/root/python3', '/home/me/python3', '/tmp/python3', '/nowhere/python3'])
		t.false(isForServices(program), program);
});

test('what is not for everybody is not for a service of any user', t => {
	t.false(isForServices('/etc/shadow'));
});
