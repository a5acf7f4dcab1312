import test from 'ava';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {runningStatus} from '../../helpers/statuses.js';

test('stopping what is not there is a success', async t => {
	t.deepEqual(await run(['stop']), {code: 0, stdout: 'daemon manager not running\n', stderr: ''});
});

test('stopping what is stopped is a success', async t => {
	const session = fakeSession(runningStatus({pid: null, state: 'stopped', wanted: 'down'}));
	const ended = await run(['stop'], {contact: reached(session)});
	t.deepEqual(ended, {code: 0, stdout: 'daemon process not running\n', stderr: ''});
	t.deepEqual(session.asked, []);
});

test('a stop ends when the supervisor has left', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	const {system, ended} = start(['stop'], {contact: reached(session)});
	session.feed.push(runningStatus({state: 'stopping', wanted: 'down'}));
	await system.clock.advance(1500);
	t.is(system.written.stdout, '. . ');
	session.feed.push(runningStatus({state: 'stopped', wanted: 'down', pid: null}));
	session.feed.end();
	t.deepEqual(await ended, {code: 0, stdout: '. . \ndaemon process stopped\n', stderr: ''});
	t.deepEqual(session.asked, [{request: 'stop'}]);
});

test('a back-off pause is stopped too', async t => {
	const session = fakeSession(runningStatus({pid: null, state: 'backoff'}), {
		reply: 'already-stopped',
	});
	session.feed.end();
	const ended = await run(['stop'], {contact: reached(session)});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process stopped\n', stderr: ''});
});

test('a supervisor that stays although the program is gone is not waited for', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	const {system, ended} = start(['stop'], {contact: reached(session)});
	session.feed.push(runningStatus({pid: null, state: 'stopped', wanted: 'down'}));
	await system.clock.advance(5000);
	t.like(await ended, {code: 0, stderr: ''});
});

test('defect 8: a stop that another client undoes fails and says so', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	session.feed.push(runningStatus({state: 'stopping', wanted: 'down'}));
	session.feed.push(runningStatus({pid: 222}));
	const {code, stderr} = await run(['stop'], {contact: reached(session)});
	t.is(code, 1);
	t.regex(stderr, /somebody else has started it again \(pid 222\)/);
});

test('defect 8: a stop that is undone before there is a new program names none', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	session.feed.push(runningStatus({state: 'stopping', wanted: 'down'}));
	session.feed.push(runningStatus({state: 'starting', pid: null}));
	const {code, stderr} = await run(['stop'], {contact: reached(session)});
	t.is(code, 1);
	t.regex(stderr, /somebody else has started it again\n$/);
});

test('defect 8: a program that survives everything is not waited for without end', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	const {system, ended} = start(['stop'], {contact: reached(session)});
	session.feed.push(runningStatus({state: 'killing', wanted: 'down'}));
	await system.clock.advance(329_999);
	t.regex(system.written.stdout, /^(\. )+$/);
	await system.clock.advance(1);
	t.like(await ended, {
		code: 1,
		stderr: 'Error: cannot stop the program: pid 111 still runs; to end it at once: kill KILL\n',
	});
});

test('json of a stop', async t => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	session.feed.end();
	const {stdout} = await run(['stop', '--json'], {contact: reached(session)});
	t.deepEqual(JSON.parse(stdout), {action: 'stop', outcome: 'stopped', pid: null, reason: null});
	t.like(JSON.parse((await run(['stop', '--json'])).stdout), {outcome: 'not-running'});
});

const interrupted = async (scene: {readonly terminal?: boolean}, ...words: readonly string[]) => {
	const session = fakeSession(runningStatus(), {reply: 'stopping'});
	const {system, ended} = start(['stop', ...words], {contact: reached(session), ...scene});
	session.feed.push(runningStatus({state: 'stopping', wanted: 'down'}));
	await system.clock.advance(50);
	system.interrupt();
	return ended;
};

test('Ctrl-C leaves the stop to itself, in the words that scripts know', async t => {
	t.deepEqual(await interrupted({}), {
		code: 0,
		stdout: '^C\n\ndaemon process stopped\n',
		stderr: '',
	});
});

test('a person who interrupts a stop is not told that the program has stopped', async t => {
	const {code, stdout} = await interrupted({terminal: true});
	t.is(code, 130);
	t.regex(stdout, /\nno longer waited for: the stop goes on, "status" tells how far it is\n$/);
	t.notRegex(stdout, /stopped/);
});

test('json of an interrupted stop names the program that still runs', async t => {
	const {code, stdout} = await interrupted({}, '--json');
	t.is(code, 130);
	t.deepEqual(JSON.parse(stdout), {
		action: 'stop',
		outcome: 'interrupted',
		pid: 111,
		reason: null,
	});
});
