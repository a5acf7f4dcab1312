import test from 'ava';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {runningStatus} from '../../helpers/statuses.js';

const stopped = '\ndaemon process stopped\n';

test('with nothing running there is nothing to wait for', async t => {
	t.deepEqual(await run(['wait']), {
		code: 0,
		stdout: `${stopped}daemon manager not running\n`,
		stderr: '',
	});
});

test('a supervisor that leaves with its program', async t => {
	const session = fakeSession();
	session.feed.push(runningStatus());
	session.feed.push(runningStatus({pid: null, state: 'stopped'}));
	session.feed.end();
	const {stdout} = await run(['wait'], {contact: reached(session)});
	t.is(stdout, `${stopped}daemon manager not running\n`);
});

test('a program that will be tried again', async t => {
	const session = fakeSession();
	session.feed.push(runningStatus({pid: null, state: 'backoff'}));
	const {stdout} = await run(['wait'], {contact: reached(session)});
	t.is(stdout, `${stopped}daemon manager running; daemon process not running\n`);
});

test('a program that came back at once has ended all the same', async t => {
	const session = fakeSession();
	session.feed.push(runningStatus({pid: 222}));
	const {stdout} = await run(['wait'], {contact: reached(session)});
	t.is(stdout, `${stopped}program running; pid=222\n`);
});

test('a supervisor that does not decide is not waited for', async t => {
	const session = fakeSession();
	const {system, ended} = start(['wait'], {contact: reached(session)});
	session.feed.push(runningStatus({pid: null, state: 'stopped'}));
	await system.clock.advance(1000);
	t.regex((await ended).stdout, /daemon manager running; daemon process not running\n$/);
});

test('Ctrl-C ends the wait, not the program', async t => {
	const session = fakeSession();
	const {system, ended} = start(['wait'], {contact: reached(session)});
	await system.clock.advance(150);
	system.interrupt();
	t.deepEqual(await ended, {
		code: 0,
		stdout: `. ^C\n${stopped}program running; pid=111\n`,
		stderr: '',
	});
});

test('a person who interrupts a wait is told what is known, and json that it was interrupted', async t => {
	const interrupted = async (words: readonly string[], terminal: boolean) => {
		const {system, ended} = start(words, {contact: reached(fakeSession()), terminal});
		await system.clock.advance(50);
		system.interrupt();
		return ended;
	};
	t.deepEqual(await interrupted(['wait'], true), {
		code: 130,
		stdout: '^C\n\nprogram running; pid=111\n',
		stderr: '',
	});
	const {code, stdout} = await interrupted(['wait', '--json'], false);
	t.is(code, 130);
	t.like(JSON.parse(stdout), {
		outcome: 'interrupted',
		pid: 111,
	});
});

test('json of a wait', async t => {
	const session = fakeSession();
	session.feed.push(runningStatus({pid: null, state: 'backoff'}));
	const {stdout} = await run(['wait', '--json'], {contact: reached(session)});
	t.like(JSON.parse(stdout), {action: 'wait', state: 'backoff', pid: null});
});
