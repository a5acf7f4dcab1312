import {createHash} from 'node:crypto';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ZeoCallError} from '../../src/zeo/call-error.js';
import {type ClientOptions, openClient, type ZeoClient} from '../../src/zeo/client.js';
import {
	exceptionBody,
	type FakeServer,
	type FakeServerOptions,
	infoBody,
	openFakeServer,
} from '../helpers/fake-pack-server.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const never = (): AbortSignal => new AbortController().signal;

const open = async (
	t: ExecutionContext,
	server: Pick<FakeServer, 'host' | 'port'>,
	options: Partial<ClientOptions> = {},
): Promise<ZeoClient> => {
	const client = await openClient({
		address: {host: server.host, port: server.port},
		storage: 'main',
		timeoutMs: 20_000,
		label: 'zeoctl test',
		...options,
	});
	t.teardown(client.close);
	return client;
};

const scene = async (t: ExecutionContext, options: FakeServerOptions = {}) => {
	const server = await openFakeServer(t, options);
	return {server, client: await open(t, server)};
};

/** The sentence of a call that fails, and what kind of trouble it is. */
const failure = async (t: ExecutionContext, act: Promise<unknown>) => {
	const error = await t.throwsAsync(act, {instanceOf: ZeoCallError});
	return [error.trouble.result, error.message];
};

for (const announcement of ['Z5', 'M5', 'Z4']) {
	test(`a server that announces ${announcement} is registered with in pickles`, async t => {
		const {server, client} = await scene(t, {announcement});
		t.is(client.announcement, announcement);
		await client.info();
		const [choice] = server.received;
		t.is(Buffer.from(choice ?? '', 'hex').toString(), announcement === 'Z4' ? 'Z4' : 'Z5');
		t.true(
			server.received.includes(
				'8003284b01895808000000726567697374657258040000006d61696e8886742e',
			) || announcement === 'Z4',
		);
	});
}

test('what a server tells of its storage is read', async t => {
	const {client} = await scene(t);
	t.deepEqual(await client.info(), {objects: 730, size: 4_213_394, name: 'var/Data.fs'});
	t.is(await client.lastTransaction(), '040d326e432cc411');
});

for (const size of [2n ** 31n - 1n, 2n ** 31n, 3_000_000_000n, 2n ** 32n, 5n * 2n ** 40n]) {
	test(`a size of ${size} bytes is read as it is`, async t => {
		const {client} = await scene(t, {
			answer: ({method, id}) => (method === 'get_info' ? {body: infoBody(id, 1, size)} : undefined),
		});
		t.is((await client.info()).size, Number(size));
	});
}

test('messages that nobody asked for are passed over', async t => {
	const {server, client} = await scene(t, {
		answer: ({method}) => (method === 'pack' ? 'nothing' : undefined),
	});
	const packing = client.pack(1_796_253_281.25, never());
	await waitFor('the call', () => server.calls.some(({method}) => method === 'pack'));
	// info, an invalidation, one of a name that nobody knows, and a reply to no call: recorded, or as ZEO makes them.
	server.broadcast(
		'8003284b00885804000000696e666f7d2858060000006c656e6774684db00158040000 0073697a654ab3fa1a007585742e'.replace(
			' ',
			'',
		),
	);
	server.broadcast(
		'8003284b00885815000000696e76616c69646174655472616e73616374696f6e4308040d326e432cc4115d430800000000000000016186742e',
	);
	server.broadcast('8003284b008858040000006e65777329742e');
	server.broadcast('8003284bc84b0058060000002e7265706c794e742e');
	const {id = 0} = server.calls.at(-1) ?? {};
	server.broadcast(`8003284b0${id}4b0058060000002e7265706c794e742e`);
	await t.notThrowsAsync(packing);
	t.true(
		server.received.some(hex =>
			hex.endsWith('89580400000070616 36b4741dac429985000008886742e'.replace(' ', '')),
		),
	);
});

test('a long call is accompanied by signs of life as ZEO has them', async t => {
	const server = await openFakeServer(t, {
		answer: ({method}) => (method === 'pack' ? 'nothing' : undefined),
	});
	const client = await open(t, server, {heartbeatMs: 5});
	const packing = client.pack(1, never());
	await waitFor('a sign of life', () =>
		server.received.includes('8003284affffffff4b0058060000002e7265706c794e742e'),
	);
	server.hangUp();
	t.deepEqual(await failure(t, packing), ['closed', 'the server closed the connection']);
});

const raises = test.macro({
	async exec(
		t: ExecutionContext,
		className: string,
		detail: readonly string[] | string,
		expected: string,
	) {
		const {client} = await scene(t, {
			answer: ({method, id}) =>
				method === 'pack'
					? {
							body:
								typeof detail === 'string'
									? detail.replace('ID', `0${id}`)
									: exceptionBody(id, className, detail),
						}
					: undefined,
		});
		t.deepEqual(await failure(t, client.pack(1, never())), ['raised', expected]);
	},
	title: (_, className, detail) => `${className} is one sentence: ${String(detail).slice(0, 40)}`,
});

test(raises, 'builtins.ValueError', ['unknown storage: nope'], "the server has no storage 'nope'");
test(
	raises,
	'exceptions.ValueError',
	['unknown storage: nope'],
	"the server has no storage 'nope'",
);
test(
	raises,
	'ZODB.POSException.ReadOnlyError',
	'8003284bID4b0258060000002e7265706c79581f0000005a4f44422e504f53457863657074696f6e2e526561644f6e6c794572726f722986742e',
	'the server has the storage open for reading only',
);
test(
	raises,
	'builtins.OSError',
	'8003284bID4b0258060000002e7265706c7958100000006275696c74696e732e4f534572726f724b1c58170000004e6f207370616365206c656674206f6e206465766963658686742e',
	'no space is left on the disk of the server',
);
test(
	raises,
	'ZODB.FileStorage.FileStorage.FileStorageError',
	['Already packing'],
	'the server is packing this storage already',
);
test(
	raises,
	'some.Error',
	['two\nlines \u001b[31m'],
	'the server raised some.Error: two lines \u001b[31m',
);
test(
	raises,
	'builtins.TypeError',
	['pack() takes 3'],
	'the server does not take this call: pack() takes 3',
);
// ZEO 4: the class and the instance, as objects.
test(
	raises,
	'ValueError of ZEO 4',
	'8003284bID4b0058060000002e7265706c79636275696c74696e730a56616c75654572726f720a636275696c74696e730a56616c75654572726f720a5815000000756e6b6e6f776e2073746f726167653a206e6f7065855286742e',
	"the server has no storage 'nope'",
);

test('nobody at the address is told apart', async t => {
	const port = await findFreePort();
	t.deepEqual(await failure(t, open(t, {host: '127.0.0.1', port})), [
		'refused',
		'nobody listens at the address of the server',
	]);
});

test('a server that accepts and says nothing is mute, after the time limit', async t => {
	const server = await openFakeServer(t, {
		answer: ({method}) => (method === 'register' ? 'nothing' : undefined),
	});
	const opening = open(t, server, {timeoutMs: 50});
	t.deepEqual(await failure(t, opening), [
		'mute',
		'the server accepts connections but does not answer',
	]);
});

test('a server that closes in the middle of a pack is told so', async t => {
	const {client} = await scene(t, {
		answer: ({method}) => (method === 'pack' ? 'close' : undefined),
	});
	t.deepEqual(await failure(t, client.pack(1, never())), [
		'closed',
		'the server closed the connection',
	]);
	t.deepEqual(await failure(t, client.info()), ['closed', 'the server closed the connection']);
});

test('what is no ZEO is told so', async t => {
	const one = await openFakeServer(t, {announcement: 'HTTP/1.1 400'});
	t.is((await failure(t, open(t, one)))[0], 'garbage');
	const other = await openFakeServer(t, {announcement: 'Z9'});
	t.deepEqual(await failure(t, open(t, other)), [
		'unsupported',
		'the server speaks the protocol Z9 of ZEO, which zeoctl does not',
	]);
	const {client, server} = await scene(t);
	server.broadcast('80039500');
	t.is((await failure(t, client.info()))[0], 'garbage');
});

test('a signal ends the wait for a pack, with its reason', async t => {
	const {server, client} = await scene(t, {
		answer: ({method}) => (method === 'pack' ? 'nothing' : undefined),
	});
	const ending = new AbortController();
	const packing = client.pack(1, ending.signal).catch((reason: unknown) => reason);
	await waitFor('the call', () => server.calls.some(({method}) => method === 'pack'));
	ending.abort('SIGTERM');
	t.is(await packing, 'SIGTERM');
});

test('a Unix socket serves as well', async t => {
	const socket = path.join(temporaryFolder(t), 'zeo.sock');
	await openFakeServer(t, {where: {path: socket}});
	const client = await openClient({
		address: {path: socket},
		storage: 'main',
		timeoutMs: 20_000,
		label: 'zeoctl test',
	});
	t.teardown(client.close);
	t.is((await client.info()).objects, 730);
});

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
// As its database has her (ZEO 4, zeopasswd).
const users = {alice: '0877bbd92f88fe4d39577bf5621887f8626fe756'};

test('a user of a ZEO 4 is known by the password, and everything after is signed', async t => {
	t.is(users.alice, sha1('alice:My Realm:secret'));
	const server = await openFakeServer(t, {announcement: 'Z4', users});
	const client = await open(t, server, {credentials: {user: 'alice', password: 'secret'}});
	t.is((await client.info()).objects, 730);
	await client.pack(1, never());
	t.is(await client.lastTransaction(), '040d326e432cc411');
	t.deepEqual(
		server.calls.map(({method}) => method),
		[
			'getAuthProtocol',
			'auth_get_challenge',
			'auth_response',
			'register',
			'get_info',
			'pack',
			'lastTransaction',
		],
	);
	t.false(server.received.some(hex => hex.includes(Buffer.from('secret').toString('hex'))));
});

test('a ZEO 4 that wants a user is told apart from one that does not accept it', async t => {
	const server = await openFakeServer(t, {announcement: 'Z4', users});
	t.deepEqual(await failure(t, open(t, server)), [
		'unauthenticated',
		'the server asks for a user and a password',
	]);
	const wrong = open(t, server, {credentials: {user: 'alice', password: 'wrong'}});
	t.deepEqual(await failure(t, wrong), [
		'unauthenticated',
		"the server does not accept the user 'alice' with this password",
	]);
});

test('a ZEO 4 without users needs no password', async t => {
	const {server, client} = await scene(t, {announcement: 'Z4'});
	t.is((await client.info()).objects, 730);
	t.false(server.calls.some(({method}) => method === 'set_client_label'));
});
