import test from 'ava';
import {ownCommand} from '../../src/settings/own-command.js';

test('an instance is called by its conf, where it has one', t => {
	t.deepEqual(ownCommand('/srv/zeo.conf'), ['zeoctl', '-C', '/srv/zeo.conf']);
	t.deepEqual(ownCommand(undefined), ['zeoctl']);
});
