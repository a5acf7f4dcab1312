import test from 'ava';
import {ZeoctlError} from '../../../src/platform/errors.js';
import {fakeSession, reached, run} from '../../helpers/fake-system.js';
import {directTranscript, runningStatus} from '../../helpers/statuses.js';

const running = () => reached(fakeSession());
const down = () => reached(fakeSession(runningStatus({pid: null, state: 'backoff', restarts: 2})));

const says = test.macro(
	async (
		t,
		words: readonly string[],
		contact: Parameters<typeof run>[1],
		stdout: string,
		code: number,
	) => {
		const ended = await run(words, contact);
		t.deepEqual(ended, {code, stdout, stderr: ''});
	},
);

test('no supervisor', says, ['status'], {}, 'daemon manager not running\n', 3);
test(
	'a stale socket',
	says,
	['status'],
	{contact: {contact: 'stale'}},
	'daemon manager not running\n',
	3,
);
test('a program that runs', says, ['status'], {contact: running}, 'program running; pid=111\n', 0);
test(
	'a program that is down is still status 0',
	says,
	['status'],
	{contact: down},
	'daemon manager running; daemon process not running\n',
	0,
);
test(
	'an empty action is the status, and never fails',
	says,
	[''],
	{},
	'daemon manager not running\n',
	0,
);
for (const words of [
	['', 'status'],
	['', 'status', '  -l '],
	['status', '', '-l'],
])
	test(
		`blanks do not count in '${words.join("' '")}'`,
		says,
		words,
		{},
		'daemon manager not running\n',
		3,
	);
test(
	'an argument twice',
	says,
	['status', '-l', '-l'],
	{},
	'status argument must be absent or -l\n',
	1,
);
test('any other argument', says, ['status', '-x'], {}, 'status argument must be absent or -l\n', 1);
test(
	'strictly, no supervisor is 3',
	says,
	['status', '--strict'],
	{},
	'daemon manager not running\n',
	3,
);
test(
	'strictly, a program that runs is 0',
	says,
	['status', '--strict'],
	{contact: running},
	'program running; pid=111\n',
	0,
);
test(
	'strictly, a program that is down is 1',
	says,
	['status', '--strict'],
	{contact: down},
	'daemon manager running; daemon process not running\n',
	1,
);

test('-l adds the raw reply and an empty line', async t => {
	const {stdout} = await run(['status-l'], {contact: running});
	t.regex(
		stdout,
		/^program running; pid=111\nstatus=running\nnow=[\s\S]*args=\['sleep', '100'\]\n\n$/,
	);
});

test('another program brings a warning before anything else', async t => {
	const session = fakeSession(runningStatus({argv: ['sleep', "it's"]}));
	const {stdout} = await run(['status'], {contact: reached(session)});
	t.is(
		stdout,
		`WARNING! zdrun is managing a different program!
our program   = ['sleep', '100']
daemon's args = ['sleep', "it's"]
program running; pid=111
`,
	);
});

test('words after those of the configuration make no other program', async t => {
	const session = fakeSession(runningStatus({argv: ['sleep', '100', 'more']}));
	const {stdout} = await run(['status'], {contact: reached(session)});
	t.is(stdout, 'program running; pid=111\n');
});

test('json tells everything, with every key in every case', async t => {
	const up = JSON.parse((await run(['status', '--json'], {contact: running})).stdout);
	const none = JSON.parse((await run(['--json', 'status'])).stdout);
	t.deepEqual(Object.keys(none), Object.keys(up));
	t.like(up, {
		state: 'running',
		pid: 111,
		manager: 100,
		restarts: 0,
		lastExit: null,
		address: null,
		storages: [],
		differs: false,
		protocol: 'json',
		socket: '/nowhere/zdsock',
		error: null,
	});
	t.like(none, {state: 'not-running', pid: null, manager: null, stale: false});
});

test('json of a stale socket says so', async t => {
	const {stdout, code} = await run(['status', '--json'], {contact: {contact: 'stale'}});
	t.like(JSON.parse(stdout), {state: 'not-running', stale: true});
	t.is(code, 3);
});

test('a socket that cannot be used is not the same as nobody there', async t => {
	const contact = new ZeoctlError('PERMISSION', "cannot use 'x': permission denied", {
		hint: 'sudo -u zope zeoctl',
	});
	t.deepEqual(await run(['status'], {contact}), {
		code: 4,
		stdout: '',
		stderr: "Error: cannot use 'x': permission denied\nnext: sudo -u zope zeoctl\n",
	});
	const json = await run(['status', '--json'], {contact});
	t.is(json.code, 4);
	t.like(JSON.parse(json.stdout), {
		state: 'unknown',
		pid: null,
		error: {
			code: 'PERMISSION',
			message: "cannot use 'x': permission denied",
			hint: 'sudo -u zope zeoctl',
		},
	});
});

test('the server’s address and storages are told where they are known', async t => {
	const {stdout} = await run(['status', '--json'], {
		contact: running,
		resolveServer: () => ({
			confPath: '/srv/zeo.conf',
			zeo: {
				address: {family: 'inet6', host: '::1', port: 8100},
				readOnly: false,
				transactionTimeout: undefined,
				pidFilename: undefined,
				tls: undefined,
			},
			storages: [
				{
					name: '1',
					type: 'filestorage',
					path: '/nowhere/Data.fs',
					blobDirectory: undefined,
					readOnly: false,
					create: false,
				},
			],
			hasEventLog: false,
		}),
	});
	t.like(JSON.parse(stdout), {
		address: '[::1]:8100',
		storages: [{name: '1', type: 'filestorage', path: '/nowhere/Data.fs', size: null}],
	});
});

test('a conf of the server that cannot be read does not hide the status', async t => {
	const {stdout, code} = await run(['status', '--json'], {
		contact: running,
		resolveServer: () => {
			throw new Error('no such file');
		},
	});
	t.is(code, 0);
	t.like(JSON.parse(stdout), {state: 'running', address: null});
});

const direct = {...directTranscript, path: '/nowhere/out.log'};
const before = runningStatus({transcript: direct});
const now = runningStatus({transcript: {...direct, problem: 'the quota is used up'}});

for (const mode of ['direct', 'pump'] as const) {
	test(`the transcript is as the supervisor sees it now in ${mode} mode`, async t => {
		const session = fakeSession(runningStatus({transcript: {...direct, mode}}), {
			reply: 'status',
			status: now,
		});
		const {stdout} = await run(['status', '--json'], {contact: reached(session)});
		t.deepEqual(session.asked, [{request: 'status', fresh: true}]);
		t.is(JSON.parse(stdout).transcript.problem, 'the quota is used up');
		t.true(session.isClosed());
	});
}

test('a script that wants one line does not wait for that', async t => {
	const session = fakeSession(before, {reply: 'status', status: now});
	t.is((await run(['status'], {contact: reached(session)})).stdout, 'program running; pid=111\n');
	t.deepEqual(session.asked, []);
});

test('where the supervisor cannot tell, what is known is told', async t => {
	const session = fakeSession(before, {reply: 'refused', reason: 'no'});
	const {stdout} = await run(['status', '--json'], {contact: reached(session)});
	t.is(JSON.parse(stdout).transcript.problem, null);
});

test('a supervisor without a transcript is not asked twice', async t => {
	const session = fakeSession(runningStatus({transcript: null}));
	await run(['status', '--json'], {contact: reached(session)});
	t.deepEqual(session.asked, []);
});
