import test from 'ava';
import {watchWhileNeeded} from '../../src/daemon/while-needed.js';
import {statusOf} from '../helpers/control-server.js';

const follow = () => {
	const calls: string[] = [];
	const see = watchWhileNeeded({begin: () => calls.push('begin'), end: () => calls.push('end')});
	return {calls, see};
};

const up = statusOf({state: 'running', wanted: 'up'});
const ending = statusOf({state: 'stopping', wanted: 'down', reason: null});

test('a watch ends once, when the program is told to end for good', t => {
	const {calls, see} = follow();
	for (const status of [up, ending, ending, statusOf({state: 'killing', wanted: 'down'})])
		see(status);
	see(statusOf({state: 'stopped', wanted: 'down'}));
	t.deepEqual(calls, ['end']);
});

test('a watch goes on through a restart, and while a stop waits for a pack', t => {
	const {calls, see} = follow();
	see(statusOf({state: 'stopping', wanted: 'up', reason: null}));
	see(statusOf({state: 'stopping', wanted: 'down', reason: 'waits for the pack of storage 1'}));
	t.deepEqual(calls, []);
});

test('a watch begins again for a program that is wanted after all', t => {
	const {calls, see} = follow();
	for (const status of [ending, up, up, ending]) see(status);
	t.deepEqual(calls, ['end', 'begin', 'end']);
});
