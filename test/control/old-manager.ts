import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {connect} from '../../src/control/client.js';
import {createControlServer} from '../../src/control/server.js';
import type {Session} from '../../src/control/session.js';
import {claimSocket} from '../../src/daemon/instance-lock.js';
import {fakeHandler, openControlServer} from '../helpers/control-server.js';
import {markOf} from '../helpers/leftovers.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const run = promisify(execFile);
const asker = {client: 'test'};
const timeoutMs = 60_000;

// The zdaemon of the test environment, with the words of its command line.
const zdaemon = (python: string, socketPath: string, ...words: string[]): [string, string[]] => [
	path.join(path.dirname(python), 'zdaemon'),
	['-s', socketPath, '-p', 'sleep 100', ...words],
];

// A session with a real manager that has just started its program.
const openOldManager = async (
	t: ExecutionContext,
	python: string,
	socketPath: string,
): Promise<Session> => {
	const [file, words] = zdaemon(python, socketPath, 'start');
	const env = {...process.env, ...markOf(t)};
	const start = spawn(file, words, {env, cwd: path.dirname(socketPath), stdio: 'ignore'});
	t.is((await once(start, 'exit'))[0], 0);
	const contact = await connect({socketPath, asker, timeoutMs});
	if (contact.contact !== 'session') throw new Error(contact.contact);
	return contact.session;
};

test('our client runs a real manager of zdaemon', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const session = await openOldManager(t, python, socketPath);
	t.is(session.protocol, 'text');
	const status = await session.status();
	t.like(status, {state: 'running', wanted: 'up', version: null, backoffLimit: 10});
	t.deepEqual(status.argv, ['sleep', '100']);
	t.regex(status.filename, /^\/.*\/sleep$/);
	t.deepEqual(await session.ask({request: 'start'}), {reply: 'already-started'});
	t.deepEqual(await session.ask({request: 'kill', signal: 18}), {reply: 'signalled', signal: 18});
	t.deepEqual(await session.ask({request: 'kill', signal: 999}), {
		reply: 'kill-failed',
		signal: 999,
		reason: '[Errno 22] Invalid argument',
	});
	t.deepEqual(await session.ask({request: 'reopen-transcript'}), {
		reply: 'reopened',
		confirmed: true,
	});
	t.deepEqual(await session.ask({request: 'restart'}), {reply: 'restarting'});
	const restarted = await waitFor('another pid', async () => {
		const {pid} = await session.status();
		return pid !== null && pid !== status.pid;
	});
	t.true(restarted);
	t.deepEqual(await session.ask({request: 'stop'}), {reply: 'stopping'});
	for await (const later of session.statuses()) t.is(later.wanted, 'down');
	t.deepEqual(await connect({socketPath, asker, timeoutMs}), {contact: 'absent'});
});

test('a manager of zdaemon that is frozen is hung, and found', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const session = await openOldManager(t, python, socketPath);
	const {manager} = await session.status();
	process.kill(manager, 'SIGSTOP');
	for (let attempt = 0; attempt < 4; attempt += 1) {
		const contact = connect({socketPath, asker, timeoutMs: 300});
		const error = await t.throwsAsync(contact, {code: 'SUPERVISOR_HUNG'});
		t.regex(error?.message ?? '', new RegExp(`its process ${manager} is stopped by a signal$`));
	}
});

test('our supervisor does not take the socket of a manager of zdaemon', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const session = await openOldManager(t, python, socketPath);
	const {server} = createControlServer({handler: fakeHandler().handler, version: '0.1.0'});
	const claim = claimSocket({path: socketPath, mode: 0o700, server, note: text => t.fail(text)});
	await t.throwsAsync(claim, {code: 'ALREADY_SUPERVISED', message: /:\nstatus=running\nnow=/});
	t.is((await session.status()).state, 'running');
});

const shows = (words: readonly string[], output: RegExp, asked: readonly string[]) =>
	test(`zdaemon ${words.join(' ')} is served by our supervisor`, async t => {
		const python = testPython(t);
		if (python === undefined) return;
		const fake = fakeHandler(request => {
			if (request.request === 'stop') fake.change({state: 'stopped', wanted: 'down', pid: null});
			if (request.request === 'restart') fake.change({pid: 9999});
			return undefined;
		});
		const {socketPath} = await openControlServer(t, {handler: fake.handler});
		const {stdout} = await run(...zdaemon(python, socketPath, ...words));
		t.regex(stdout, output);
		const changes = fake.asked
			.map(({request}) => request.request)
			.filter(name => name !== 'status');
		t.deepEqual(changes, asked);
	});

shows(['status'], /^program running; pid=9356\n$/, []);
shows(['status', '-l'], /^program running; pid=9356\nstatus=running\n(?:.*\n){10}args=.*\n\n$/, []);
shows(['start'], /^daemon process already running; pid=9356\n$/, []);
shows(['stop'], /^\ndaemon process stopped\n$/, ['stop']);
shows(['restart'], /^\ndaemon process restarted, pid=9999\n$/, ['restart']);
shows(['reopen_transcript'], /^$/, ['reopen-transcript']);
