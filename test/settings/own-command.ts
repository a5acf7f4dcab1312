import test from 'ava';
import {ownCommand} from '../../src/settings/own-command.js';

test('an instance is called with the flags of its start, from any folder', t => {
	const flags = ['-C', 'zeo.conf', '-s', 'other', '-T0'];
	t.deepEqual(ownCommand('/srv/zeo.conf', {flags, cwd: '/srv'}), [
		...['zeoctl', '-C', '/srv/zeo.conf', '-s', 'other', '-T0'],
	]);
	t.deepEqual(ownCommand(undefined, {flags: ['-p', 'sleep 9'], cwd: '/srv'}), [
		...['zeoctl', '-p', 'sleep 9'],
	]);
});

test('where they are not known, it is called by its conf', t => {
	const nothing = {flags: undefined, cwd: '/srv'};
	t.deepEqual(ownCommand('/srv/zeo.conf', nothing), ['zeoctl', '-C', '/srv/zeo.conf']);
	t.deepEqual(ownCommand(undefined, nothing), ['zeoctl']);
});
