import path from 'node:path';
import test from 'ava';
import {planTargets} from '../../src/health/connect-targets.js';
import {probeServer} from '../../src/health/probe.js';
import type {NetworkAddress, ServerSettings} from '../../src/settings/settings.js';
import {answerRuok, findFreePort, healthOf, makeFolder, openPeer} from '../helpers/fake-zeo.js';

const patient = {timeoutMs: 20_000};

const serverAt = (
	address: NetworkAddress,
	names: readonly string[] = ['main'],
	tls?: ServerSettings['zeo']['tls'],
): Pick<ServerSettings, 'zeo' | 'storages'> => ({
	zeo: {address, readOnly: false, transactionTimeout: undefined, pidFilename: undefined, tls},
	storages: names.map(name => ({
		name,
		type: 'filestorage',
		path: undefined,
		blobDirectory: undefined,
		readOnly: false,
		create: false,
	})),
});

const inet = (port: number, host = '127.0.0.1') => ({family: 'inet', host, port}) as const;

test('a server with all configured storages is ready', async t => {
	const {port} = await openPeer(t, answerRuok(healthOf('main', 'temp', 'more')));
	const found = await probeServer(serverAt(inet(port), ['main', 'temp']), patient);
	t.is(found.probe, 'ready');
	t.true(found.probe === 'ready' && found.storages?.has('temp'));
});

test('a server without a configured storage is unready, and the storage is named', async t => {
	const {port} = await openPeer(t, answerRuok(healthOf('main')));
	t.deepEqual(await probeServer(serverAt(inet(port), ['main', 'temp']), patient), {
		probe: 'unready',
		problem: 'missing-storage',
		reason: `the server at 127.0.0.1:${port} has no storage 'temp'`,
	});
});

test('nobody at the address is absent', async t => {
	const port = await findFreePort();
	t.deepEqual(await probeServer(serverAt(inet(port)), patient), {
		probe: 'absent',
		problem: 'down',
		reason: `nobody listens at 127.0.0.1:${port}`,
	});
});

test('a mute peer is unready within the deadline', async t => {
	const {port} = await openPeer(t, () => undefined);
	const found = await probeServer(serverAt(inet(port)), {timeoutMs: 150});
	t.like(found, {probe: 'unready', problem: 'mute'});
});

test('another program at the address is unready', async t => {
	const {port} = await openPeer(t, socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
	const found = await probeServer(serverAt(inet(port)), patient);
	t.like(found, {probe: 'unready', problem: 'garbage'});
});

test('one byte and then nothing is unready', async t => {
	const {port} = await openPeer(t, socket => void socket.write('Z'));
	const found = await probeServer(serverAt(inet(port)), {timeoutMs: 150});
	t.like(found, {probe: 'unready', problem: 'mute'});
});

test('one byte and then the end is unready', async t => {
	const {port} = await openPeer(t, socket => void socket.end('Z'));
	const found = await probeServer(serverAt(inet(port)), patient);
	t.like(found, {probe: 'unready', problem: 'closed'});
});

const tls = {certificate: 'server.pem', key: undefined, authenticate: 'clients.pem'};

test('behind TLS a server that does not take part in the handshake is mute', async t => {
	const {port} = await openPeer(t, () => undefined);
	const found = await probeServer(serverAt(inet(port), ['main'], tls), {timeoutMs: 150});
	t.like(found, {probe: 'unready', problem: 'mute'});
	const free = await findFreePort();
	t.is((await probeServer(serverAt(inet(free), ['main'], tls), patient)).probe, 'absent');
});

test('a server that speaks without TLS where the conf has it says so', async t => {
	const {port} = await openPeer(t, answerRuok(healthOf('main')));
	t.deepEqual(await probeServer(serverAt(inet(port), ['main'], tls), patient), {
		probe: 'unready',
		problem: 'garbage',
		reason: `127.0.0.1:${port} does not speak TLS, as the conf says it does`,
	});
});

test('a server without a port cannot be probed', async t => {
	const found = await probeServer(
		serverAt({family: 'inet', host: 'localhost', port: null}),
		patient,
	);
	t.deepEqual(found, {
		probe: 'unready',
		problem: 'down',
		reason: 'the configured address has no port',
	});
});

test('a server on a Unix socket is probed', async t => {
	const socketPath = path.join(await makeFolder(t), 'zeo.sock');
	await openPeer(t, answerRuok(healthOf('main')), {path: socketPath});
	const found = await probeServer(serverAt({family: 'unix', path: socketPath}), patient);
	t.is(found.probe, 'ready');
});

test('an abort rejects with its reason', async t => {
	const {port} = await openPeer(t, () => undefined);
	const leaving = new AbortController();
	setTimeout(() => leaving.abort(new Error('no longer wanted')), 20);
	const probing = probeServer(serverAt(inet(port)), {...patient, signal: leaving.signal});
	await t.throwsAsync(probing, {message: 'no longer wanted'});
});

for (const [host, expected] of [
	['', ['127.0.0.1', '::1']],
	['*', ['127.0.0.1', '::1']],
	['0.0.0.0', ['127.0.0.1']],
	['::', ['::1', '127.0.0.1']],
	['::1', ['::1']],
	['db.example.org', ['db.example.org']],
] as const) {
	test(`a server that listens at '${host}' is reached at ${expected.join(', then ')}`, t => {
		t.deepEqual(
			planTargets({family: 'inet', host, port: 8100}),
			expected.map(target => ({host: target, port: 8100})),
		);
	});
}

test('a server on the second loopback address of a wildcard is found', async t => {
	const peer = await openPeer(t, answerRuok(healthOf('main')), {host: '::1'}).catch(
		() => undefined,
	);
	if (peer === undefined) {
		t.log('skipped: no IPv6 on this machine');
		t.pass();
		return;
	}

	t.is((await probeServer(serverAt(inet(peer.port, '')), patient)).probe, 'ready');
});
