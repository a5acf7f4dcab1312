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

test('an end that the supervisor brought about says why', t => {
	const end = {code: null, signal: 'SIGKILL', cause: 'it is mute'};
	t.is(describeExit(end), 'terminated by SIGKILL, restarted because it is mute');
});
