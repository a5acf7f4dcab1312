import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {connect} from '../../src/control/client.js';
import type {Asker, Status} from '../../src/control/messages.js';
import type {ConnectOptions, Session} from '../../src/control/session.js';
import {renderTextStatus} from '../../src/control/text-codec.js';
import {fakeHandler, openControlServer, statusOf} from '../helpers/control-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {programPath} from '../helpers/transcript.js';

const asker: Asker = {client: 'zeoctl/0.1.0', user: 'Jane Doe', pid: 4711};

const openSession = async (
	t: ExecutionContext,
	options: Omit<ConnectOptions, 'asker'>,
): Promise<Session> => {
	const contact = await connect({asker, timeoutMs: 20_000, ...options});
	if (contact.contact !== 'session') throw new Error(contact.contact);
	t.teardown(() => contact.session.close());
	return contact.session;
};

// A peer that does what it is told with each connection, the number of which it gets.
const openPeer = async (
	t: ExecutionContext,
	serve: (socket: Socket, number: number) => void,
): Promise<string> => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const sockets = new Set<Socket>();
	const server = createServer({allowHalfOpen: true}, socket => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		serve(socket, sockets.size);
	});
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	server.listen(socketPath);
	await once(server, 'listening');
	return socketPath;
};

const answerLine = (socket: Socket, answer: (line: string) => string) => {
	socket.once('data', data => socket.end(answer(data.toString().split('\n')[0] ?? '')));
};

test('a supervisor is asked in JSON, by name', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	t.is(session.protocol, 'json');
	t.deepEqual(await session.status(), statusOf());
	t.deepEqual(await session.ask({request: 'kill', signal: 10}), {reply: 'signalled', signal: 10});
	t.deepEqual(await session.ask({request: 'stop'}), {reply: 'stopping'});
	t.deepEqual(asked.at(-1), {request: {request: 'stop'}, asker});
});

test('hello and first status cost one write and one request', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	await session.status();
	t.is(asked.length, 1);
});

test('who is known to speak JSON gets the hello with the first request, in one write', async t => {
	const received: string[] = [];
	const socketPath = await openPeer(t, socket => {
		socket.on('data', data => {
			received.push(data.toString());
			const hello = received.length === 1 ? '{"hello":1,"server":"x"}\n' : '';
			socket.write(`${hello}{"id":${received.length},"reply":"stopping"}\n`);
		});
	});
	const session = await openSession(t, {socketPath, speaksJson: true});
	t.deepEqual(await session.ask({request: 'stop'}), {reply: 'stopping'});
	t.deepEqual(await session.ask({request: 'stop'}), {reply: 'stopping'});
	t.deepEqual(
		received.map(text => text.split('\n').map(line => line.slice(0, 9))),
		[
			['{"hello":', '{"id":1,"', ''],
			['{"id":2,"', ''],
		],
	);
});

test('who was thought to speak JSON and does not fails the first request', async t => {
	const request = async (answer: string, timeoutMs: number) => {
		const socketPath = await openPeer(t, socket => socket.end(answer));
		const session = await openSession(t, {socketPath, speaksJson: true, timeoutMs});
		return session.ask({request: 'stop'});
	};
	await t.throwsAsync(request('220 mail.example ESMTP\n', 60_000), {
		code: 'PROTOCOL',
		message: /it answers "220 mail\.example ESMTP"/,
	});
	await t.throwsAsync(request('{"hello":2,"server":"zeoctl/9.0.0"}\n', 60_000), {
		code: 'PROTOCOL',
		message: /speaks version 2 of the protocol/,
	});
	// Who answers nothing may be leaving: it is tried until the time is over, and each try has that time.
	await t.throwsAsync(request('', 4000), {code: 'PROTOCOL', message: /it answers nothing/});
});

test('a later status is asked for anew', async t => {
	const {handler, change} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	await session.status();
	await new Promise(setImmediate);
	change({state: 'stopped', pid: null});
	t.is((await session.status()).state, 'stopped');
	change({state: 'running', pid: 12});
	await session.ask({request: 'start'});
	t.is((await session.status()).pid, 12);
});

test('a status after a request is never older than the request', async t => {
	const {handler, change} = fakeHandler(request => {
		if (request.request === 'stop') change({state: 'stopping'});
		return undefined;
	});
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	const [, status] = await Promise.all([session.ask({request: 'stop'}), session.status()]);
	t.is(status.state, 'stopping');
});

test('statuses are the present one and every change, until the supervisor leaves', async t => {
	const {handler, change} = fakeHandler();
	const {socketPath, control} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	const states: string[] = [];
	for await (const status of session.statuses()) {
		states.push(status.state);
		if (states.length === 1) {
			change({state: 'stopping'});
			change({state: 'stopped', pid: null});
			void control.close();
		}
	}
	t.deepEqual(states, ['running', 'stopping', 'stopped']);
	await t.throwsAsync(session.ask({request: 'start'}), {code: 'NOT_RUNNING'});
});

test('statuses can be read again, and a request asked meanwhile', async t => {
	const {handler, change} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	for await (const status of session.statuses()) {
		t.is(status.state, 'running');
		break;
	}
	change({state: 'backoff', pid: null});
	await session.ask({request: 'start'});
	for await (const status of session.statuses()) {
		t.is(status.state, 'backoff');
		break;
	}
});

test('closing a session ends its statuses', async t => {
	const {socketPath} = await openControlServer(t);
	const session = await openSession(t, {socketPath});
	for await (const _ of session.statuses()) session.close();
	t.pass();
});

test('an error of the supervisor keeps its code and words', async t => {
	const {handler} = fakeHandler(request => {
		if (request.request === 'stop') throw new Error('disk on fire');
		return undefined;
	});
	const {socketPath} = await openControlServer(t, {handler});
	const session = await openSession(t, {socketPath});
	await t.throwsAsync(session.ask({request: 'stop'}), {
		code: 'INTERNAL',
		message: 'cannot serve "stop": disk on fire',
	});
});

test('a supervisor that leaves between two requests is not running', async t => {
	const {socketPath, control} = await openControlServer(t);
	const session = await openSession(t, {socketPath});
	await session.status();
	await control.close();
	await new Promise(setImmediate);
	await t.throwsAsync(session.status(), {code: 'NOT_RUNNING'});
});

test('an old manager is asked in its own words, one connection a request', async t => {
	const lines: string[] = [];
	const socketPath = await openPeer(t, socket => {
		answerLine(socket, line => {
			lines.push(line);
			if (line === 'status') return renderTextStatus(statusOf());
			if (line === 'kill 10') return 'Signal 10 sent\n';
			if (line === 'reopen_transcript') return '';
			return `Unknown command '${line}'; 'help' for a list\n`;
		});
	});
	const session = await openSession(t, {socketPath});
	t.is(session.protocol, 'text');
	t.like(await session.status(), {state: 'running', pid: 9356, version: null});
	t.deepEqual(await session.ask({request: 'kill', signal: 10}), {reply: 'signalled', signal: 10});
	t.deepEqual(await session.ask({request: 'reopen-transcript'}), {
		reply: 'reopened',
		confirmed: true,
	});
	t.regex(lines[0] ?? '', /^\{"hello":1,\S*\}$/);
	t.deepEqual(lines.slice(1), ['status', 'kill 10', 'reopen_transcript']);
});

test('statuses of an old manager are its changes, until it leaves', async t => {
	const told: Status[] = [
		statusOf(),
		statusOf({now: 1795389013}),
		statusOf({wanted: 'down', delayUntil: 1795389300.5}),
		statusOf({wanted: 'down', pid: null}),
	];
	let isGone = false;
	const socketPath = await openPeer(t, socket => {
		answerLine(socket, line => {
			if (line !== 'status') return "Unknown command '{';\n";
			const status = told.shift();
			isGone = status === undefined;
			return status === undefined ? '' : renderTextStatus(status);
		});
	});
	const session = await openSession(t, {socketPath});
	const states: string[] = [];
	for await (const status of session.statuses()) states.push(status.state);
	t.deepEqual(states, ['running', 'stopping', 'stopped']);
	t.true(isGone);
});

test('a request superseded by another client is asked again', async t => {
	const socketPath = await openPeer(t, (socket, number) => {
		answerLine(socket, line => {
			if (number % 2 === 1) return 'Command superseded by new command\n';
			return line === 'status' ? renderTextStatus(statusOf()) : `Unknown command '${line}'\n`;
		});
	});
	const session = await openSession(t, {socketPath});
	t.is((await session.status()).pid, 9356);
});

test('whoever speaks neither protocol is quoted', async t => {
	const socketPath = await openPeer(t, socket => socket.end('220 mail.example ESMTP\n'));
	await t.throwsAsync(connect({socketPath, asker}), {
		code: 'PROTOCOL',
		message: `cannot talk to the process at '${socketPath}': it answers "220 mail.example ESMTP"`,
	});
});

test('a supervisor of another version of the protocol is named', async t => {
	const socketPath = await openPeer(t, socket => {
		socket.write('{"hello":2,"server":"zeoctl/9.0.0"}\n');
	});
	await t.throwsAsync(connect({socketPath, asker}), {
		code: 'PROTOCOL',
		message: /zeoctl\/9\.0\.0 speaks version 2 of the protocol, this is 1/,
	});
});

test('rubbish after the hello ends the session', async t => {
	const socketPath = await openPeer(t, socket => {
		socket.write('{"hello":1,"server":"x"}\n');
		socket.once('data', () => socket.write('rubbish\n'));
	});
	const session = await openSession(t, {socketPath});
	await t.throwsAsync(session.ask({request: 'stop'}), {code: 'PROTOCOL'});
});

test('who had no turn while the answer came does not take the supervisor for hung', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const server = spawn(process.execPath, [programPath('serves-control'), socketPath], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	t.teardown(() => server.kill());
	await once(server.stdout, 'data');
	const session = await openSession(t, {socketPath, timeoutMs: 2000});
	const asked = session.ask({request: 'stop'});
	// The request goes out, and then this process stands still for longer than it would wait.
	await new Promise(setImmediate);
	const end = performance.now() + 2500;
	while (performance.now() < end);
	t.deepEqual(await asked, {reply: 'stopping'});
});
