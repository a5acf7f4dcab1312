import test from 'ava';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {runningStatus} from '../../helpers/statuses.js';

const failing = (code: string) => () => {
	throw Object.assign(new Error(`kill ${code}`), {code});
};

test('the default is SIGTERM', async t => {
	const {system, ended} = start(['kill'], {contact: reached(fakeSession())});
	t.deepEqual(await ended, {
		code: 0,
		stdout: 'kill(111, 15)\nsignal SIGTERM sent to process 111\n',
		stderr: '',
	});
	t.is(system.deeds.at(-1), 'kill 111 15');
});

test('a signal is checked before anybody is asked', async t => {
	const {system, ended} = start(['kill', 'CONT', 'x'], {contact: reached(fakeSession())});
	t.deepEqual(await ended, {code: 2, stdout: "invalid signal 'CONT x'\n", stderr: ''});
	t.deepEqual(system.deeds, []);
});

test('defect 9: no program, no signal', async t => {
	const session = fakeSession(runningStatus({pid: null, state: 'backoff'}));
	const {system, ended} = start(['kill', '9'], {contact: reached(session)});
	t.deepEqual(await ended, {code: 1, stdout: 'daemon process not running\n', stderr: ''});
	t.false(system.deeds.some(deed => deed.startsWith('kill')));
});

test('no supervisor, no signal', async t => {
	t.like(await run(['kill']), {code: 1, stdout: 'daemon process not running\n'});
});

test('a signal that is not permitted is a failure', async t => {
	const ended = await run(['kill', 'HUP'], {
		contact: reached(fakeSession()),
		kill: failing('EPERM'),
	});
	t.deepEqual(ended, {
		code: 1,
		stdout: 'kill(111, 1)\nError: [Errno 1] Operation not permitted\n',
		stderr: '',
	});
});

test('a program that has just ended is a failure', async t => {
	const ended = await run(['kill'], {contact: reached(fakeSession()), kill: failing('ESRCH')});
	t.regex(ended.stdout, /Error: \[Errno 3\] No such process\n$/);
});

test('json of a kill', async t => {
	const {stdout} = await run(['kill', 'CONT', '--json'], {contact: reached(fakeSession())});
	t.deepEqual(JSON.parse(stdout), {
		action: 'kill',
		signal: 'SIGCONT',
		outcome: 'sent',
		pid: 111,
		reason: null,
	});
});
