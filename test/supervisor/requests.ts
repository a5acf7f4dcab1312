import test from 'ava';
import {planRequest} from '../../src/supervisor/requests.js';
import type {Phase} from '../../src/supervisor/state.js';

const running: Phase = {name: 'running', pid: 7, startedAt: 0};
const backoff: Phase = {name: 'backoff', seconds: 1};

const answers = test.macro<[request: 'start' | 'stop' | 'restart', phase: Phase, reply: string]>(
	(t, request, phase, reply) => {
		t.deepEqual(planRequest(request, phase), {reply: {reply}, event: {event: request}} as never);
	},
);

test('start while the program runs says so', answers, 'start', running, 'already-started');
test('start during a pause starts', answers, 'start', backoff, 'started');
test(
	'start while a start is under way says so',
	answers,
	'start',
	{name: 'spawning'},
	'already-started',
);
test('stop while the program runs is under way', answers, 'stop', running, 'stopping');
test('stop during a pause has nothing to stop', answers, 'stop', backoff, 'already-stopped');
test('restart while the program runs is under way', answers, 'restart', running, 'restarting');
test('restart during a pause starts', answers, 'restart', backoff, 'started');
