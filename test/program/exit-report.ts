import test from 'ava';
import {comparableStatus, describeExit} from '../../src/program/exit-report.js';

test('an exit code is described and compared as it is', t => {
	t.is(describeExit({code: 3, signal: null}), 'exit status 3');
	t.is(comparableStatus({code: 3, signal: null}), 3);
});

test('a death by signal is named and compared as -1', t => {
	t.is(describeExit({code: null, signal: 'SIGKILL'}), 'terminated by SIGKILL');
	t.is(comparableStatus({code: null, signal: 'SIGKILL'}), -1);
});

test('a signal of two names has the one that zdaemon gives it', t => {
	t.is(describeExit({code: null, signal: 'SIGIO'}), 'terminated by SIGPOLL');
});

test('an end that the supervisor brought about says why', t => {
	const end = {code: null, signal: 'SIGKILL', cause: 'it is mute'};
	t.is(describeExit(end), 'terminated by SIGKILL, restarted because it is mute');
});

test('what else is known is told', t => {
	const killed = {code: null, signal: 'SIGKILL', evidence: {outOfMemory: true}} as const;
	t.is(describeExit(killed), 'terminated by SIGKILL (out of memory)');
	const crashed = {code: null, signal: 'SIGSEGV', evidence: {core: '/srv/core'}};
	t.is(describeExit(crashed), 'terminated by SIGSEGV, core dumped: /srv/core');
});

test('a 0 that the log contradicts is a crash, unless it was asked for', t => {
	const end = {code: 0, signal: null, evidence: {isOrderly: false}};
	t.regex(describeExit(end), /^exit status 0, but its log .*: taken for a crash$/);
	t.is(comparableStatus(end), -1);
	t.is(describeExit(end, true), 'exit status 0');
	const orderly = {...end, evidence: {isOrderly: true}};
	t.is(describeExit(orderly), 'exit status 0');
	t.is(comparableStatus(orderly), 0);
});
