import {once} from 'node:events';
import test from 'ava';
import type {Reply} from '../../src/control/messages.js';
import {
	fakeHandler,
	openConnection,
	openControlServer,
	statusOf,
} from '../helpers/control-server.js';

test('hello and requests may come in one write and are answered in one', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(
		t,
		socketPath,
		'{"hello":1,"client":"test","user":"jane","pid":7}\n{"id":1,"request":"status"}\n{"id":2,"request":"kill","signal":10}\n',
	);
	const [hello, status, kill] = await connection.json(3);
	t.deepEqual(hello, {hello: 1, server: 'zeoctl/0.1.0'});
	t.deepEqual(status, {id: 1, reply: 'status', status: statusOf()});
	t.deepEqual(kill, {id: 2, reply: 'signalled', signal: 10});
	const asker = {client: 'test', user: 'jane', pid: 7};
	t.deepEqual(asked, [
		{request: {request: 'status'}, asker},
		{request: {request: 'kill', signal: 10}, asker},
	]);
});

test('a request without a hello is served', async t => {
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(t, socketPath, '{"id":0,"request":"start"}');
	await once(connection.socket, 'connect');
	connection.socket.end('\n');
	t.is(await connection.all(), '{"id":0,"reply":"already-started"}\n');
});

test('a connection serves any number of requests, and refusals between them', async t => {
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(t, socketPath, '{"id":1,"request":"start"}\nrubbish\n\n\r\n');
	connection.socket.write(Buffer.from('{"id":2,"request":"st\xe4rt"}\n', 'latin1'));
	connection.socket.write('{"id":3,"request":"strat"}\n{"id":4,"request":"start"}\n');
	const [, rubbish, notUtf8, strat, start] = await connection.json(5);
	t.like(rubbish, {
		id: null,
		error: {code: 'PROTOCOL', message: 'cannot serve "rubbish": it is not a JSON object'},
	});
	t.regex(JSON.stringify(notUtf8), /cannot serve .*rt.*: it is not UTF-8/);
	t.regex(JSON.stringify(strat), /^\{"id":3,"error":.*strat/);
	t.deepEqual(start, {id: 4, reply: 'already-started'});
});

test('a status never waits behind a stop', async t => {
	let finish = (_: Reply) => {};
	const {handler} = fakeHandler(request =>
		request.request === 'stop'
			? new Promise(resolve => {
					finish = resolve;
				})
			: undefined,
	);
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(
		t,
		socketPath,
		'{"id":1,"request":"stop"}\n{"id":2,"request":"status"}\n',
	);
	const [first] = await connection.json(1);
	t.like(first, {id: 2, reply: 'status'});
	finish({reply: 'stopping'});
	const [, second] = await connection.json(2);
	t.deepEqual(second, {id: 1, reply: 'stopping'});
});

test('a subscriber hears of the present status and of every change', async t => {
	const {handler, change, listeners} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(t, socketPath, '{"id":5,"request":"subscribe"}\n');
	t.deepEqual(await connection.json(1), [{id: 5, reply: 'status', status: statusOf()}]);
	change({state: 'stopping', wanted: 'down'});
	change({state: 'stopped', pid: null});
	const [, stopping, stopped] = await connection.json(3);
	t.like(stopping, {event: 'status', id: 5, status: {state: 'stopping', pid: 9356}});
	t.like(stopped, {event: 'status', id: 5, status: {state: 'stopped', pid: null}});
	connection.socket.end();
	await connection.all();
	t.is(listeners.size, 0);
});

test('a second subscription on one connection is refused', async t => {
	const {socketPath} = await openControlServer(t);
	const connection = openConnection(
		t,
		socketPath,
		'{"id":5,"request":"subscribe"}\n{"id":6,"request":"subscribe"}\n',
	);
	const [, second] = await connection.json(2);
	t.regex(JSON.stringify(second), /^\{"id":6,"error":.*request 5 subscribed already/);
});

test('a handler that throws is answered for, by id', async t => {
	const {handler} = fakeHandler(request => {
		if (request.request === 'stop') throw new Error('disk on fire');
		return request.request === 'start' ? Promise.reject(new Error('no fork')) : undefined;
	});
	const failing = {
		...handler,
		subscribe() {
			throw new Error('no ear');
		},
	};
	const {socketPath} = await openControlServer(t, {handler: failing});
	const connection = openConnection(
		t,
		socketPath,
		'{"id":1,"request":"stop"}\n{"id":2,"request":"start"}\n{"id":3,"request":"subscribe"}\n',
	);
	const replies = await connection.json(3);
	const errors = replies.map(({id, error}) => [id, error]);
	t.deepEqual(errors.sort(), [
		[1, {code: 'INTERNAL', message: 'cannot serve "stop": disk on fire'}],
		[2, {code: 'INTERNAL', message: 'cannot serve "start": no fork'}],
		[3, {code: 'INTERNAL', message: 'cannot serve "subscribe": no ear'}],
	]);
});

test('a client that half-closes gets the replies it waits for', async t => {
	const {handler} = fakeHandler(
		() => new Promise(resolve => setTimeout(resolve, 20, {reply: 'stopping'})),
	);
	const {socketPath} = await openControlServer(t, {handler});
	const connection = openConnection(t, socketPath, '{"id":1,"request":"stop"}\n{"id":2,"requ');
	connection.socket.end();
	t.is(
		await connection.all(),
		'{"id":1,"reply":"stopping"}\n{"id":null,"error":{"code":"PROTOCOL","message":"cannot serve \\"{\\\\\\"id\\\\\\":2,\\\\\\"requ\\": the line has no end"}}\n',
	);
});

test('closing the server answers what is being asked and tells subscribers the last status', async t => {
	let finish = (_: Reply) => {};
	const {handler, change, asked} = fakeHandler(
		() =>
			new Promise(resolve => {
				finish = resolve;
			}),
	);
	const {socketPath, control} = await openControlServer(t, {handler, limits: {closeMs: 5000}});
	const subscriber = openConnection(t, socketPath, '{"id":1,"request":"subscribe"}\n');
	const asker = openConnection(t, socketPath, '{"id":1,"request":"stop"}\n');
	await subscriber.json(1);
	while (asked.length === 0) await new Promise(setImmediate);
	change({state: 'stopped', pid: null});
	const closed = control.close();
	finish({reply: 'stopping'});
	t.is(await asker.all(), '{"id":1,"reply":"stopping"}\n');
	t.regex(await subscriber.all(), /"state":"stopped"/);
	await closed;
	t.pass();
});

test('who watches hears the end when all is complete, and no request is taken until then', async t => {
	const {handler, asked} = fakeHandler();
	const {socketPath, control} = await openControlServer(t, {handler});
	const subscriber = openConnection(t, socketPath, '{"id":1,"request":"subscribe"}\n');
	await subscriber.json(1);
	let complete = () => {};
	const closed = control.close(
		new Promise<void>(resolve => {
			complete = resolve;
		}),
	);
	let hasEnded = false;
	const all = subscriber.all().then(text => {
		hasEnded = true;
		return text;
	});
	subscriber.socket.write('{"id":2,"request":"stop"}\n');
	await new Promise(resolve => setTimeout(resolve, 50));
	t.false(hasEnded);
	complete();
	t.is((await all).split('\n').length, 2);
	t.deepEqual(asked, []);
	await closed;
});
