import {once} from 'node:events';
import test from 'ava';
import type {ControlServer} from '../../src/control/server.js';
import {
	askText,
	fakeHandler,
	openConnection,
	openControlServer,
} from '../helpers/control-server.js';

test('a JSON line beyond its limit is refused by its beginning', async t => {
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(t, socketPath, `{"id":1,"request":"${'x'.repeat(70_000)}`);
	t.regex(
		await connection.all(),
		/^\{"id":null,"error":\{"code":"PROTOCOL","message":"cannot serve .*x{20}.*: the line exceeds 64 KiB"\}\}\n$/,
	);
});

test('a JSON line within its limit is served', async t => {
	const {socketPath} = await openControlServer(t);
	const padding = 'x'.repeat(65_000);
	const connection = openConnection(
		t,
		socketPath,
		`{"id":1,"request":"start","padding":"${padding}"}\n`,
	);
	t.deepEqual(await connection.json(1), [{id: 1, reply: 'already-started'}]);
});

test('a JSON connection that asks for nothing is closed, one that subscribed is not', async t => {
	const {socketPath} = await openControlServer(t, {limits: {idleMs: 50}});
	const subscriber = openConnection(t, socketPath, '{"id":1,"request":"subscribe"}\n');
	const idle = openConnection(t, socketPath, '{"id":1,"request":"start"}\n');
	t.regex(await idle.all(), /cannot wait any longer: no request for 0\.05 s/);
	subscriber.socket.write('{"id":2,"request":"start"}\n');
	t.like((await subscriber.json(2))[1], {id: 2, reply: 'already-started'});
});

test('a client that drips bytes is not kept for ever', async t => {
	const {socketPath} = await openControlServer(t, {limits: {idleMs: 100}});
	const connection = openConnection(t, socketPath, '{"id":1,');
	const drip = setInterval(() => connection.socket.write(' '), 10);
	t.teardown(() => clearInterval(drip));
	t.regex(await connection.all(), /cannot wait any longer/);
});

test('beyond the most connections the one idle for the longest is told and closed', async t => {
	const {socketPath} = await openControlServer(t, {limits: {maxConnections: 2}});
	const first = openConnection(t, socketPath, '{"id":1,"request":"start"}\n');
	await first.json(1);
	const second = openConnection(t, socketPath, '{"id":1,"request":"start"}\n');
	await second.json(1);
	t.regex(await askText(t, socketPath, 'status\n'), /^status=running/);
	t.regex(await first.all(), /cannot keep this connection: too many are open/);
	second.socket.write('{"id":2,"request":"start"}\n');
	t.is((await second.json(2)).length, 2);
});

test('when every connection is busy a further one is turned away', async t => {
	const {socketPath} = await openControlServer(t, {limits: {maxConnections: 1}});
	const busy = openConnection(t, socketPath, '{"id":1,"request":"subscribe"}\n');
	await busy.json(1);
	t.is(await openConnection(t, socketPath).all(), 'Too many connections\n');
});

test('requests beyond the number that may wait are refused by id', async t => {
	const {handler} = fakeHandler(() => new Promise(() => undefined));
	const {socketPath} = await openControlServer(t, {handler, limits: {maxWaiting: 2}});
	const requests = [1, 2, 3].map(id => `{"id":${id},"request":"stop"}\n`).join('');
	const [refusal] = await openConnection(t, socketPath, requests).json(1);
	t.like(refusal, {
		id: 3,
		error: {message: 'cannot serve "stop": 2 earlier requests wait for their replies'},
	});
});

test('a client that asks without reading is not read any more, and gets all its replies later', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(t, socketPath);
	await once(connection.socket, 'connect');
	connection.socket.pause();
	const count = 20_000;
	for (let id = 1; id <= count; id += 1) {
		connection.socket.write(`{"id":${id},"request":"status"}\n`);
	}
	// The server is busy in this very process: when a text client has been answered, its turn is over.
	for (let turn = 0; turn < 20; turn += 1) await askText(t, socketPath, 'start\n');
	t.true(asked.length < count);
	connection.socket.end();
	connection.socket.resume();
	const lines = (await connection.all()).trimEnd().split('\n');
	t.is(lines.length, count);
	t.is(JSON.parse(lines.at(-1) ?? '').id, count);
});

test('a subscriber that does not read gets the latest status afterwards', async t => {
	const {handler, change} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(t, socketPath, '{"id":1,"request":"subscribe"}\n');
	await connection.json(1);
	connection.socket.pause();
	const changes = 20_000;
	for (let restarts = 1; restarts <= changes; restarts += 1) change({restarts});
	connection.socket.resume();
	const last = `"restarts":${changes},`;
	while (!connection.text().includes(last)) await once(connection.socket, 'data');
	t.true(connection.text().split('\n').length < changes);
});

test('a client that neither reads nor asks is dropped', async t => {
	const {socketPath, control} = await openControlServer(t, {
		limits: {idleMs: 100, firstRequestMs: 100},
	});
	const connection = openConnection(t, socketPath);
	connection.socket.pause();
	connection.socket.write('{"id":1,"request":"status"}\n'.repeat(20_000));
	while ((await countConnections(control)) === 0)
		await new Promise(resolve => setTimeout(resolve, 5));
	while ((await countConnections(control)) > 0)
		await new Promise(resolve => setTimeout(resolve, 5));
	t.pass();
});

test.serial('no timer is set while nobody is connected', async t => {
	const {setTimeout: set, clearTimeout: clear} = globalThis;
	const timers = new Set<unknown>();
	t.teardown(() => Object.assign(globalThis, {setTimeout: set, clearTimeout: clear}));
	Object.assign(globalThis, {
		setTimeout(run: () => void, delayMs: number) {
			const timer = set(() => {
				timers.delete(timer);
				run();
			}, delayMs);
			timers.add(timer);
			return timer;
		},
		clearTimeout(timer: NodeJS.Timeout) {
			timers.delete(timer);
			clear(timer);
		},
	});
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(t, socketPath, '{"id":1,"request":"start"}\n');
	await connection.json(1);
	t.is(timers.size, 1);
	connection.socket.end();
	await once(connection.socket, 'close');
	for (let turn = 0; turn < 100 && timers.size > 0; turn += 1) await new Promise(setImmediate);
	t.is(timers.size, 0);
});

const countConnections = (control: ControlServer): Promise<number> =>
	new Promise((resolve, reject) => {
		control.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
	});

test('a reopened transcript may take longer than other requests', async t => {
	const {handler} = fakeHandler(request =>
		request.request === 'status' ? undefined : new Promise(() => undefined),
	);
	const limits = {replyMs: 100, reopenMs: 400};
	const {socketPath} = await openControlServer(t, {handler, limits});
	const lines = '{"id":1,"request":"reopen-transcript"}\n{"id":2,"request":"stop"}\n';
	const connection = openConnection(t, socketPath, lines);
	const replies = await connection.json(2);
	t.like(replies[0], {id: 2, error: {code: 'SUPERVISOR_HUNG'}});
	t.like(replies[1], {id: 1, error: {code: 'SUPERVISOR_HUNG'}});
});
