import test from 'ava';
import type {Reply, Status} from '../../../src/control/messages.js';
import {ZeoctlError} from '../../../src/platform/errors.js';
import type {LaunchReport} from '../../../src/supervisor/report.js';
import {fakeSession, reached, run, start} from '../../helpers/fake-system.js';
import {feed, runningStatus} from '../../helpers/statuses.js';

const report = (status: Partial<Status>): LaunchReport => ({
	report: 'status',
	status: runningStatus(status),
});
const starting = report({state: 'starting'});
const exit = {
	...{at: 1, pid: 111, code: 3, signal: null, uptime: 0, expected: false},
	description: 'exit status 3',
};
const ended = report({
	state: 'failed',
	pid: null,
	reason: 'restarting too frequently',
	lastOutput: ['cannot bind\u001b[31m'],
	lastExit: exit,
});
const backoff = report({state: 'backoff', pid: null, lastExit: exit});

async function* reports(...all: readonly LaunchReport[]): AsyncGenerator<LaunchReport> {
	yield* all;
}

test('with nothing running a supervisor is started and its program waited for', async t => {
	const {system, ended: result} = start(['start', '-l', 'x'], {
		reports: reports(starting, report({})),
	});
	t.deepEqual(await result, {code: 0, stdout: '\ndaemon process started, pid=111\n', stderr: ''});
	t.is(system.deeds.at(-1), 'launch [["-p","sleep 100"],["-l","x"]]');
});

test('a program in back-off is waited for, a dot a second', async t => {
	const statuses = feed<LaunchReport>(report({state: 'backoff', pid: null}));
	const {system, ended: result} = start(['start'], {reports: statuses});
	await system.clock.advance(1500);
	statuses.push(report({pid: 222}));
	t.is((await result).stdout, '. . \ndaemon process started, pid=222\n');
});

test('a person hears once why a program in back-off has failed, a script does not', async t => {
	const {system, ended: result} = start(['start'], {
		reports: reports(backoff, starting, backoff, report({})),
		terminal: true,
	});
	t.is((await result).code, 0);
	t.is(system.written.stderr, '\nthe last try has failed: exit status 3; it is tried again\n');
	const script = await run(['start'], {reports: reports(backoff, report({}))});
	t.deepEqual(script, {code: 0, stdout: '\ndaemon process started, pid=111\n', stderr: ''});
});

test('the end of a former life that was asked for is no failure', async t => {
	const stopped = {...exit, expected: true};
	const {ended: result} = start(['start'], {
		reports: reports(report({state: 'backoff', pid: null, lastExit: stopped}), report({})),
		terminal: true,
	});
	t.is((await result).stderr, '');
});

test('a program under test has not started yet', async t => {
	const statuses = feed<LaunchReport>(report({state: 'starting', testing: true}));
	const {system, ended: result} = start(['-T', '2', 'start'], {reports: statuses});
	await system.clock.advance(2999);
	t.is(system.written.stdout, '. . . ');
	await system.clock.advance(1);
	t.deepEqual(await result, {
		code: 1,
		stdout: '. . . \nProgram took too long to start\n',
		stderr: '',
	});
});

test('defect 10: a supervisor that gives up makes the start fail, and says why first', async t => {
	const {code, stdout, stderr} = await run(['start'], {reports: reports(starting, ended)});
	t.is(code, 1);
	t.is(stdout, '\ndaemon manager not running\n');
	t.regex(stderr, /exit status 3/);
	t.regex(stderr, /cannot bind/);
	t.notRegex(stderr, /\u001b/);
});

test('defect 10: a supervisor that dies without a word makes the start fail', async t => {
	const {code, stdout, stderr} = await run(['start'], {reports: reports()});
	t.is(code, 1);
	t.is(stdout, '\ndaemon manager not running\n');
	t.not(stderr, '');
});

test('a supervisor that is killed while its program starts leaves one that may run, and the next command is told', async t => {
	const {code, stderr} = await run(['start'], {reports: reports(starting)});
	t.is(code, 1);
	t.regex(
		stderr,
		/^Error: cannot start the program: the supervisor ended without a word; the program \(pid \d+\) may still run\nnext: zeoctl -p 'sleep 100' start\n$/,
	);
});

test('a refusal of the supervisor is shown with its hint', async t => {
	const {code, stderr} = await run(['start'], {
		reports: reports({
			report: 'refused',
			code: 'PROGRAM_UNUSABLE',
			message: "can't find program 'x'",
			hint: 'which x',
		}),
	});
	t.is(code, 1);
	t.is(stderr, "Error: can't find program 'x'\nnext: which x\n");
});

test('a refusal for lack of permission is exit status 4', async t => {
	const refused = {report: 'refused', code: 'PERMISSION', message: 'no'} as const;
	t.is((await run(['start'], {reports: reports(refused)})).code, 4);
});

test('a refusal with an unknown code is still shown', async t => {
	const refused = {report: 'refused', code: 'toString', message: 'odd'} as const;
	t.like(await run(['start'], {reports: reports(refused)}), {code: 1, stderr: 'Error: odd\n'});
});

test('notes of the supervisor go to stderr as they come', async t => {
	const note = {report: 'note', text: 'Unlinking stale socket /s; sleep 1'} as const;
	const {code, stderr} = await run(['start'], {reports: reports(note, report({}))});
	t.is(code, 0);
	t.is(stderr, 'Unlinking stale socket /s; sleep 1\n');
});

test('a program that was stopped by somebody meanwhile needs no explanation', async t => {
	const stopped = report({state: 'stopped', wanted: 'down', pid: null});
	t.deepEqual(await run(['start'], {reports: reports(starting, stopped)}), {
		code: 1,
		stdout: '\ndaemon manager not running\n',
		stderr: '',
	});
});

test('two starts at once are one start', async t => {
	const session = fakeSession(runningStatus({state: 'starting'}));
	session.feed.push(runningStatus({pid: 333}));
	let calls = 0;
	const ended = await run(['start'], {
		contact: () => (calls++ === 0 ? {contact: 'absent'} : reached(session)),
		reports: reports({report: 'refused', code: 'ALREADY_SUPERVISED', message: 'another'}),
	});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process started, pid=333\n', stderr: ''});
});

test('a program that runs is left alone', async t => {
	const session = fakeSession();
	t.deepEqual(await run(['start'], {contact: reached(session)}), {
		code: 0,
		stdout: 'daemon process already running; pid=111\n',
		stderr: '',
	});
	t.deepEqual(session.asked, []);
	t.true(session.isClosed());
});

test('a program that is down is started through its supervisor', async t => {
	const session = fakeSession(runningStatus({pid: null, state: 'backoff'}));
	session.feed.push(runningStatus({state: 'starting'}));
	session.feed.push(runningStatus({pid: 222}));
	const ended = await run(['start'], {contact: reached(session)});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process started, pid=222\n', stderr: ''});
	t.deepEqual(session.asked, [{request: 'start'}]);
});

test('a refused request is an error with its reason', async t => {
	const refused: Reply = {reply: 'refused', reason: 'the database is locked'};
	const session = fakeSession(runningStatus({pid: null, state: 'backoff'}), refused);
	const {code, stderr} = await run(['start'], {contact: reached(session)});
	t.is(code, 1);
	t.is(stderr, 'Error: cannot start the program: the database is locked\n');
});

test('a program that is being stopped is waited for, then started', async t => {
	const session = fakeSession(runningStatus({state: 'stopping', wanted: 'down'}));
	session.feed.end();
	let calls = 0;
	const ended = await run(['start'], {
		contact: () => (calls++ === 0 ? reached(session) : {contact: 'absent'}),
		reports: reports(report({pid: 222})),
	});
	t.deepEqual(ended, {code: 0, stdout: '\ndaemon process started, pid=222\n', stderr: ''});
});

test('Ctrl-C leaves the start to itself and says what is known', async t => {
	const {system, ended: result} = start(['start'], {reports: feed(starting)});
	await system.clock.advance(1200);
	system.interrupt();
	t.deepEqual(await result, {
		code: 0,
		stdout: '. . ^C\n\ndaemon process started, pid=111\n',
		stderr: '',
	});
});

test('a person who interrupts a start is not told that it has succeeded', async t => {
	const {system, ended} = start(['start'], {reports: feed(starting), terminal: true});
	await system.clock.advance(50);
	system.interrupt();
	const {code, stdout} = await ended;
	t.is(code, 130);
	t.regex(stdout, /\nno longer waited for: the start goes on/);
	t.notRegex(stdout, /started/);
});

test('Ctrl-C before anything is known says pid 0', async t => {
	const {system, ended: result} = start(['start'], {reports: feed()});
	await system.clock.advance(50);
	system.interrupt();
	t.is((await result).stdout, '^C\n\ndaemon process started, pid=0\n');
});

test('json is one document and nothing else', async t => {
	const good = await run(['start', '--json'], {reports: reports(starting, report({}))});
	t.deepEqual(JSON.parse(good.stdout), {
		action: 'start',
		outcome: 'started',
		pid: 111,
		manager: 100,
		state: 'running',
	});
	const bad = await run(['--json', 'start'], {reports: reports(starting, ended)});
	t.is(bad.code, 1);
	t.is(bad.stderr, '');
	t.like(JSON.parse(bad.stdout), {
		action: 'start',
		outcome: 'failed',
		reason: 'restarting too frequently',
		lastExit: {code: 3},
		error: {code: 'START_FAILED', hint: null},
	});
});

test('json does not reach the supervisor’s command line', async t => {
	const {system, ended: result} = start(['--json', 'start'], {reports: reports(report({}))});
	await result;
	t.is(system.deeds.at(-1), 'launch [["-p","sleep 100"],[]]');
});

test('a socket that cannot be used is not started over', async t => {
	const {system, ended: result} = start(['start'], {
		contact: new ZeoctlError('SUPERVISOR_HUNG', 'cannot talk to it'),
	});
	t.is((await result).code, 4);
	t.false(system.deeds.some(deed => deed.startsWith('launch')));
});
