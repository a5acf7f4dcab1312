import test from 'ava';
import type {Health, Status} from '../../src/control/messages.js';
import {planNotice} from '../../src/systemd/service-state.js';
import {runningStatus} from '../helpers/statuses.js';

const health: Health = {
	...{verdict: 'ready', since: 0, reason: null, activities: [], alarms: [], lastRestart: null},
};

const lastExit = {
	...{at: 0, pid: 7, code: 1, signal: null, uptime: 1, expected: false},
	description: 'exit status 1',
};

test('a service is up when the program answers, once', t => {
	t.is(planNotice(runningStatus({state: 'starting', testing: true}), false).READY, undefined);
	t.is(planNotice(runningStatus(), false).READY, 1);
	t.is(planNotice(runningStatus(), true).READY, undefined);
	t.is(planNotice(runningStatus({state: 'backoff', pid: null}), true).READY, undefined);
});

test('a stop gets the time that it takes', t => {
	t.is(planNotice(runningStatus(), true).EXTEND_TIMEOUT_USEC, undefined);
	for (const state of ['stopping', 'killing'] as const)
		t.is(planNotice(runningStatus({state}), true).EXTEND_TIMEOUT_USEC, 60_000_000);
});

const says = (expected: string, different: Partial<Status>): void => {
	test(`systemctl status shows: ${expected}`, t => {
		t.is(planNotice(runningStatus(different), true).STATUS, expected);
	});
};

says('running, pid 111', {});
says('starting', {state: 'starting', pid: null});
says('starting, pid 111, does not answer yet', {state: 'starting', testing: true});
says('starting, pid 111, does not answer yet; index of main: rebuilding 40 %', {
	state: 'starting',
	testing: true,
	health: {
		...health,
		activities: [{activity: 'index', storage: 'main', step: 'rebuilding', percent: 40, since: 0}],
	},
});
says('running, pid 111; pack of main: finding what is in use', {
	health: {
		...health,
		activities: [
			{activity: 'pack', storage: 'main', step: 'finding what is in use', percent: null, since: 0},
		],
	},
});
says('running, pid 111, but does not answer: no answer within 10 s', {
	health: {...health, verdict: 'failed', reason: 'no answer within 10 s'},
});
says('stopping, waits for the pack of storage main', {
	...{state: 'stopping', reason: 'waits for the pack of storage main'},
});
says('stopping', {state: 'stopping'});
says('stopping, being killed', {state: 'killing'});
says('down (exit status 1), will be tried again after 4 s', {
	...{state: 'backoff', pid: null, backoff: 4, lastExit},
});
says('failed: restarting too frequently; quit (exit status 1)', {
	...{state: 'failed', pid: null, reason: 'restarting too frequently; quit', lastExit},
});
says('stopped', {state: 'stopped', pid: null});
