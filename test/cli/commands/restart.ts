import test from 'ava';
import {unusableConfiguration} from '../../../src/program/failure-kinds.js';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {feed, runningStatus} from '../../helpers/statuses.js';

test('a restart ends when another life of the program has started', async t => {
	const session = fakeSession(runningStatus(), {reply: 'restarting'});
	session.feed.push(runningStatus({state: 'stopping'}));
	session.feed.push(runningStatus({pid: null, state: 'starting'}));
	session.feed.push(runningStatus({pid: 222, state: 'starting'}));
	session.feed.push(runningStatus({pid: 222}));
	const ended = await run(['restart'], {contact: reached(session)});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process restarted, pid=222\n', stderr: ''});
	t.deepEqual(session.asked, [{request: 'restart'}]);
});

test('with nothing running it is a start', async t => {
	const reports = feed({report: 'status', status: runningStatus()} as const);
	const ended = await run(['restart'], {reports});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process started, pid=111\n', stderr: ''});
});

test('with the program down it is a start', async t => {
	const session = fakeSession(runningStatus({pid: null, state: 'backoff'}));
	session.feed.push(runningStatus());
	const ended = await run(['restart'], {contact: reached(session)});
	t.is(ended.stdout, '\ndaemon process started, pid=111\n');
	t.deepEqual(session.asked, [{request: 'start'}]);
});

test('defect 9: a restart that fails is a failure', async t => {
	const session = fakeSession(runningStatus(), {reply: 'restarting'});
	session.feed.push(runningStatus({pid: null, state: 'failed', reason: 'exit status 1'}));
	session.feed.end();
	const {code, stdout, stderr} = await run(['restart'], {contact: reached(session)});
	t.is(code, 1);
	t.is(stdout, '\ndaemon manager not running\n');
	t.regex(stderr, /exit status 1/);
});

test('a server that could not come back is left alone, and what to look at is said', async t => {
	const reason = `${unusableConfiguration}, and cannot be used: z.conf:2: no; it has not been stopped`;
	const session = fakeSession(runningStatus(), {reply: 'refused', reason});
	const ended = await run(['restart'], {contact: reached(session)});
	t.deepEqual(ended, {
		code: 1,
		stdout: '',
		stderr: `Error: cannot restart the program: ${reason}\nnext: zeoctl -p 'sleep 100' check\n`,
	});
});

test('another refusal of a restart is a failure', async t => {
	const session = fakeSession(runningStatus(), {
		reply: 'refused',
		reason: 'the supervisor has left',
	});
	const {code, stderr} = await run(['restart'], {contact: reached(session)});
	t.is(code, 1);
	t.is(stderr, 'Error: cannot restart the program: the supervisor has left\n');
});

test('the time for the start counts from the end of the old program', async t => {
	const session = fakeSession(runningStatus(), {reply: 'restarting'});
	const {system, ended} = start(['-T1', 'restart'], {contact: reached(session)});
	session.feed.push(runningStatus({state: 'stopping'}));
	await system.clock.advance(10_000);
	session.feed.push(runningStatus({pid: null, state: 'backoff'}));
	await system.clock.advance(1999);
	t.notRegex(system.written.stdout, /too long/);
	await system.clock.advance(1);
	t.like(await ended, {code: 1});
	t.regex(system.written.stdout, /\nProgram took too long to start\n$/);
});
