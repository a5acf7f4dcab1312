import test from 'ava';
import {healthRows} from '../../src/cli/health-rows.js';
import type {Health} from '../../src/control/messages.js';

const health = (different: Partial<Health> = {}): Health => ({
	verdict: 'ready',
	since: 940,
	reason: null,
	activities: [],
	alarms: [],
	lastRestart: null,
	...different,
});

const rows = (different: Partial<Health>) => healthRows(health(different), 1000);

test('without a health section there are no rows', t => {
	t.deepEqual(healthRows(null, 1000), []);
});

test('a verdict says since when, and why', t => {
	t.deepEqual(rows({}), [['health', 'ready for 1 min']]);
	t.deepEqual(rows({verdict: 'failed', reason: 'mute'}), [['health', 'failed for 1 min: mute']]);
	t.deepEqual(rows({verdict: 'unknown'}), [['health', 'not known yet']]);
});

test('what a server is busy with has a row each, with its progress', t => {
	const activity = {
		activity: 'pack',
		storage: 'main',
		step: 'copying',
		percent: 43,
		since: 998,
	} as const;
	t.deepEqual(rows({activities: [activity, {...activity, activity: 'index', percent: null}]}), [
		['health', 'ready for 1 min'],
		['pack', 'storage main: copying, 43 % (for 2 s)'],
		['index', 'storage main: copying (for 2 s)'],
	]);
});

test('alarms say for how long, and what to do', t => {
	const alarm = {alarm: 'x', level: 'alarm', since: 880, text: 'a lock', advice: 'end it'} as const;
	t.deepEqual(rows({alarms: [alarm, {...alarm, level: 'notice', advice: null}]}), [
		['health', 'ready for 1 min'],
		['alarm', 'a lock, for 2 min'],
		['', 'end it'],
		['notice', 'a lock, for 2 min'],
	]);
});

test('the last replacement is told with its reason', t => {
	t.deepEqual(rows({lastRestart: {at: 400, reason: 'mute'}}), [
		['health', 'ready for 1 min'],
		['replaced', '10 min ago: mute'],
	]);
});
