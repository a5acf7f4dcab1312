import type {Socket} from 'node:net';
import path from 'node:path';
import test from 'ava';
import {encodeFrame} from '../../src/zeo/frame.js';
import {askRuok, type RuokResult} from '../../src/zeo/ruok.js';
import {answerRuok, findFreePort, healthOf, makeFolder, openPeer} from '../helpers/fake-zeo.js';

const patient = {timeoutMs: 20_000};
const hasty = {timeoutMs: 150};

for (const announcement of ['Z5', 'M5', 'Z4', 'Z3101']) {
	test(`a server that announces ${announcement} is healthy`, async t => {
		const peer = await openPeer(t, answerRuok(healthOf('main', '1'), announcement));
		const answer = await askRuok(peer, patient);
		t.is(answer.result, 'healthy');
		if (answer.result === 'healthy') {
			t.is(answer.announcement, announcement);
			t.deepEqual([...answer.storages.keys()], ['main', '1'].sort());
		}
	});
}

test('a server is asked over a Unix socket', async t => {
	const socketPath = path.join(await makeFolder(t), 'zeo.sock');
	await openPeer(t, answerRuok(healthOf('main')), {path: socketPath});
	t.is((await askRuok({path: socketPath}, patient)).result, 'healthy');
});

test('an answer that arrives byte by byte is read', async t => {
	const peer = await openPeer(t, socket => {
		const bytes = Buffer.concat([encodeFrame('Z5'), encodeFrame(healthOf('main'))]);
		const sendFrom = (index: number) => {
			socket.write(bytes.subarray(index, index + 1));
			if (index < bytes.length) {
				setImmediate(sendFrom, index + 1);
			}
		};

		socket.setNoDelay(true);
		sendFrom(0);
	});
	t.is((await askRuok(peer, patient)).result, 'healthy');
});

test('an answer of 3 MB is read', async t => {
	const names = Array.from({length: 10_000}, (_, index) => `storage ${index}`);
	const peer = await openPeer(t, answerRuok(healthOf(...names)));
	const answer = await askRuok(peer, patient);
	t.is(answer.result === 'healthy' ? answer.storages.size : answer.result, 10_000);
});

test('nobody at a port is refused', async t => {
	const port = await findFreePort();
	t.deepEqual(await askRuok({host: '127.0.0.1', port}, patient), {result: 'refused'});
});

test('a Unix socket that does not exist is refused', async t => {
	const socketPath = path.join(await makeFolder(t), 'none.sock');
	t.deepEqual(await askRuok({path: socketPath}, patient), {result: 'refused'});
});

test('a name that does not resolve is unreachable', async t => {
	const answer = await askRuok({host: 'no-such-host.invalid', port: 8100}, patient);
	t.is(answer.result, 'unreachable');
});

test('a socket path longer than the kernel takes is unreachable, with the reason', async t => {
	t.deepEqual(await askRuok({path: `/tmp/${'x'.repeat(103)}`}, patient), {
		result: 'unreachable',
		reason: 'the path of the socket is longer than 107 bytes',
	});
});

for (const port of [0, -1, 65_536, Number.NaN]) {
	test(`port ${port} is unreachable`, async t => {
		t.is((await askRuok({host: '127.0.0.1', port}, patient)).result, 'unreachable');
	});
}

const broken: Readonly<Record<string, readonly [RuokResult['result'], (socket: Socket) => void]>> =
	{
		'accepts and says nothing': ['mute', () => undefined],
		'sends one byte, then nothing': ['mute', socket => socket.write(Buffer.from([0]))],
		'announces itself, then says nothing': ['mute', socket => socket.write(encodeFrame('Z5'))],
		'sends half of the document': [
			'mute',
			socket => {
				socket.write(encodeFrame('Z5'));
				socket.write(encodeFrame(healthOf('main')).subarray(0, 60));
			},
		],
	};

for (const [deed, [result, behave]] of Object.entries(broken)) {
	test(`a peer that ${deed} is ${result}`, async t => {
		const peer = await openPeer(t, behave);
		t.is((await askRuok(peer, hasty)).result, result);
	});
}

const closing: typeof broken = {
	'closes at once': ['closed', socket => socket.end()],
	'resets the connection': ['closed', socket => socket.resetAndDestroy()],
	'closes after its announcement': ['closed', socket => socket.end(encodeFrame('Z5'))],
	'closes in the middle of the document': [
		'closed',
		socket => socket.end(Buffer.concat([encodeFrame('Z5'), Buffer.from([0, 0, 1, 0, 0x7b])])),
	],
	'is a web server': ['garbage', socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
	'greets like an SSH server': ['garbage', socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
	'announces a frame of 4 GB': ['garbage', socket => socket.write(Buffer.alloc(8, 0xff))],
	'has another greeting in a frame': ['garbage', socket => socket.write(encodeFrame('hello'))],
	'answers without JSON': [
		'garbage',
		socket => socket.end(Buffer.concat([encodeFrame('Z5'), encodeFrame('imok')])),
	],
};

for (const [deed, [result, behave]] of Object.entries(closing)) {
	test(`a peer that ${deed} is ${result}`, async t => {
		const peer = await openPeer(t, behave);
		t.is((await askRuok(peer, patient)).result, result);
	});
}

test('an abort rejects with its reason and closes the connection', async t => {
	const closed = createClosed();
	const peer = await openPeer(t, socket => socket.on('close', closed.resolve).resume());
	const leaving = new AbortController();
	const asking = askRuok(peer, {...patient, signal: leaving.signal});
	await waitForConnection(peer);
	leaving.abort(new Error('no longer wanted'));
	await t.throwsAsync(asking, {message: 'no longer wanted'});
	await closed.promise;
});

test('an abort before the question rejects without a connection', async t => {
	const peer = await openPeer(t, () => undefined);
	const asking = askRuok(peer, {...patient, signal: AbortSignal.abort(new Error('too late'))});
	await t.throwsAsync(asking, {message: 'too late'});
	t.is(peer.connections(), 0);
});

const createClosed = () => {
	let resolve = () => {};
	const promise = new Promise<void>(done => {
		resolve = done;
	});
	return {promise, resolve};
};

const waitForConnection = async (peer: {connections(): number}) => {
	while (peer.connections() === 0) {
		await new Promise(setImmediate);
	}
};
