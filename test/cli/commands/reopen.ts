import test from 'ava';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {runningStatus} from '../../helpers/statuses.js';

const confirmed = {reply: 'reopened', confirmed: true} as const;
const unconfirmed = {reply: 'reopened', confirmed: false, reason: 'the disk is full'} as const;

test('a confirmed reopening is silent', async t => {
	const session = fakeSession(runningStatus(), confirmed);
	const ended = await run(['reopen_transcript'], {contact: reached(session)});
	t.deepEqual(ended, {code: 0, stdout: '', stderr: ''});
	t.deepEqual(session.asked, [{request: 'reopen-transcript'}]);
});

const lossy = {...confirmed, reason: 'what was written within 2 ms may be lost'} as const;

test('what may have been lost is told to a person and in json, scripts get silence', async t => {
	const asked = async (words: readonly string[], terminal: boolean) =>
		run(words, {contact: reached(fakeSession(runningStatus(), lossy)), terminal});
	t.is((await asked(['reopen_transcript'], false)).stderr, '');
	const shown = await asked(['reopen_transcript'], true);
	t.deepEqual(shown, {code: 0, stdout: '', stderr: `Warning: ${lossy.reason}\n`});
	const {stdout} = await asked(['reopen_transcript', '--json'], true);
	t.like(JSON.parse(stdout), {outcome: 'reopened', reason: lossy.reason});
});

test('one that is not confirmed fails with one line', async t => {
	const session = fakeSession(runningStatus(), unconfirmed);
	t.deepEqual(await run(['reopen_transcript'], {contact: reached(session)}), {
		code: 1,
		stdout: '',
		stderr: 'Error: cannot reopen the transcript: the disk is full\n',
	});
});

test('nothing to reopen is a success', async t => {
	const stdout = 'daemon manager not running\n';
	t.deepEqual(await run(['reopen_transcript']), {code: 0, stdout, stderr: ''});
});

test('logreopen reopens, then signals', async t => {
	const session = fakeSession(runningStatus(), confirmed);
	const {system, ended} = start(['logreopen'], {contact: reached(session)});
	t.deepEqual(await ended, {
		code: 0,
		stdout: 'kill(111, 12)\nsignal SIGUSR2 sent to process 111\n',
		stderr: '',
	});
	t.is(system.deeds.at(-1), 'kill 111 12');
});

test('logreopen with nothing running says so twice, and is a success', async t => {
	const stdout = 'daemon manager not running\ndaemon process not running\n';
	t.deepEqual(await run(['logreopen']), {code: 0, stdout, stderr: ''});
});

test('logreopen signals the program also when the transcript failed', async t => {
	const session = fakeSession(runningStatus(), unconfirmed);
	const ended = await run(['logreopen'], {contact: reached(session)});
	t.is(ended.code, 1);
	t.regex(ended.stdout, /SIGUSR2 sent/);
});

test('json of logreopen is one document', async t => {
	const session = fakeSession(runningStatus(), confirmed);
	const {stdout} = await run(['logreopen', '--json'], {contact: reached(session)});
	t.deepEqual(JSON.parse(stdout), {
		action: 'logreopen',
		transcript: {outcome: 'reopened', reason: null},
		program: {outcome: 'sent', pid: 111, reason: null},
	});
});
