import test from 'ava';
import {planStop, stepAt} from '../../src/program/stop-plan.js';

test('a stop is SIGTERM, then SIGKILL after stop-timeout', t => {
	t.deepEqual(planStop(300, 10), [
		{signal: 'SIGTERM', graceMs: 300_000},
		{signal: 'SIGKILL', graceMs: 10_000},
	]);
});

test('stop-timeout 0 never kills', t => {
	t.deepEqual(planStop(0, 10), [{signal: 'SIGTERM', graceMs: null}]);
});

test('SIGKILL is repeated no more often than once a second', t => {
	t.is(planStop(1, 0)[1]?.graceMs, 1000);
});

test('the last step of the plan is repeated', t => {
	t.is(stepAt(planStop(300, 10), 7).signal, 'SIGKILL');
});
