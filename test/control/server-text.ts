import {once} from 'node:events';
import test from 'ava';
import {
	askText,
	fakeHandler,
	openConnection,
	openControlServer,
} from '../helpers/control-server.js';

const answers = (bytes: string | Buffer, reply: string | RegExp) =>
	test(`${JSON.stringify(bytes.toString('latin1')).slice(0, 40)} is answered with ${String(reply).slice(0, 60)}`, async t => {
		const {socketPath} = await openControlServer(t);
		const text = await askText(t, socketPath, bytes);
		if (typeof reply === 'string') t.is(text, reply);
		else t.regex(text, reply);
	});

answers('status\n', /^status=running\nnow=\d+\.\d+\n(?:.*\n){9}args=\['sleep', '100'\]\n$/);
answers('start\n', 'Application already started\n');
answers('stop\n', 'Sent SIGTERM\n');
answers('restart\n', 'Sent SIGTERM; will restart later\n');
answers('kill\n', 'Signal 15 sent\n');
answers('kill 18\n', 'Signal 18 sent\n');
answers('kill abc\n', "Bad signal 'abc'\n");
answers('kill 999\n', 'Kill 999 failed: [Errno 22] Invalid argument\n');
answers('reopen_transcript\n', '');
answers('help\n', "Unknown command 'help'; 'help' for a list\n");
answers('foo bar\n', "Unknown command 'foo'; 'help' for a list\n");
answers('\n', 'Empty command\n');
answers('   \n', 'Empty command\n');
answers('status\r\n', /^status=running\n/);
answers('start\nstop\nwhatever', 'Application already started\n');
answers('status', 'Command not terminated by newline\n');
answers('', 'Command not terminated by newline\n');
answers('a'.repeat(10_500), 'Command exceeds 10 KB\n');
answers(`${'a'.repeat(9999)}\n`, `Unknown command '${'a'.repeat(9999)}'; 'help' for a list\n`);

test('defect 2: no request can end the supervisor', async t => {
	const {socketPath} = await openControlServer(t);
	t.is(
		await askText(t, socketPath, Buffer.from('st\xe4tus\n', 'latin1')),
		"Command not in UTF-8: b'st\\xe4tus'\n",
	);
	t.is(
		await askText(t, socketPath, 'kill 99999999999999999999\n'),
		'Kill 99999999999999999999 failed: [Errno 22] Invalid argument\n',
	);
	t.regex(await askText(t, socketPath, 'status\n'), /^status=running\n/);
});

test('a request may come in pieces and need not be half-closed', async t => {
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(t, socketPath, 'sta');
	await once(connection.socket, 'connect');
	connection.socket.write('tu');
	await new Promise(resolve => setImmediate(resolve));
	connection.socket.write('s\n');
	t.regex(await connection.all(), /^status=running\n/);
});

test('a text request is asked once, by nobody in particular', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	await askText(t, socketPath, 'stop\nstop\n');
	t.deepEqual(asked, [{request: {request: 'stop'}, asker: {client: 'text'}}]);
});

test('an idle connection neither blocks nor is superseded', async t => {
	const {socketPath} = await openControlServer(t);
	const idle = openConnection(t, socketPath, 'stat');
	await once(idle.socket, 'connect');
	t.regex(await askText(t, socketPath, 'status\n'), /^status=running\n/);
	idle.socket.end('us\n');
	t.regex(await idle.all(), /^status=running\n/);
});

test('defect 7: a text connection that never finishes its request is closed', async t => {
	const {socketPath, control} = await openControlServer(t, {limits: {firstRequestMs: 50}});
	const connection = openConnection(t, socketPath, 'stat');
	t.is(await connection.all(), 'Command not received within 0.05 seconds\n');
	const silent = openConnection(t, socketPath);
	t.is(await silent.all(), 'Command not received within 0.05 seconds\n');
	await control.close();
	t.false(control.server.listening);
});

test('a handler that throws is answered for', async t => {
	const {handler} = fakeHandler(request => {
		if (request.request === 'stop') throw new Error('disk on fire');
		return request.request === 'start' ? Promise.reject(new Error('no fork')) : undefined;
	});
	const {socketPath} = await openControlServer(t, {handler});
	t.is(await askText(t, socketPath, 'stop\n'), 'cannot serve "stop": disk on fire\n');
	t.is(await askText(t, socketPath, 'start\n'), 'cannot serve "start": no fork\n');
	t.regex(await askText(t, socketPath, 'status\n'), /^status=running\n/);
});

test('a request that is never done is refused after its time', async t => {
	const {handler} = fakeHandler(() => new Promise(() => undefined));
	const {socketPath} = await openControlServer(t, {handler, limits: {replyMs: 50}});
	t.is(
		await askText(t, socketPath, 'stop\n'),
		'cannot serve "stop": the supervisor did not get it done in time\n',
	);
});
