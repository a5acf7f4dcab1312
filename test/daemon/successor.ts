import {readdirSync} from 'node:fs';
import test from 'ava';
import {startSuccessor} from '../../src/daemon/successor.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a successor that cannot be executed is told by its reason, once, and leaves nothing open', async t => {
	const runDirectory = temporaryFolder(t);
	const before = readdirSync('/proc/self/fd').length;
	const successor = startSuccessor({
		invocation: {command: ['/nonexistent'], flags: [], cwd: '/', environment: {}},
		programArguments: [],
		order: '{}',
		predecessor: {manager: 1, program: 2, socketPath: '/s', socket: 3},
		runDirectory,
		channel: undefined,
	});
	const reason = /the new supervisor does not start: .*ENOENT/;
	await t.throwsAsync(successor.standingBy, {message: reason});
	await t.throwsAsync(successor.inPlace, {message: reason});
	await successor.kill();
	t.is(readdirSync('/proc/self/fd').length, before);
	t.deepEqual(readdirSync(runDirectory), []);
});
