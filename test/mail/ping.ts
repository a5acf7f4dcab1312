import {createServer} from 'node:http';
import test, {type ExecutionContext} from 'ava';
import {ping} from '../../src/mail/ping.js';
import {findFreePort} from '../helpers/fake-zeo.js';

const listen = async (t: ExecutionContext<unknown>, status: number | undefined) => {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		if (status !== undefined) response.writeHead(status).end('words');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	return {asked, url: `http://127.0.0.1:${port}/s3cret?create=1`};
};

test('a watchdog is told of start, success and failure', async t => {
	const {asked, url} = await listen(t, 200);
	for (const state of ['start', 'success', 'failure'] as const)
		t.is(await ping(url, state), undefined);
	t.deepEqual(asked, [
		'GET /s3cret/start?create=1',
		'GET /s3cret?create=1',
		'GET /s3cret/fail?create=1',
	]);
});

test('what goes wrong is said without the address', async t => {
	const {url} = await listen(t, 404);
	t.is(await ping(url, 'success'), 'it answers with status 404');
	const nobody = `http://127.0.0.1:${await findFreePort()}/s3cret`;
	t.is(await ping(nobody, 'success'), 'it cannot be reached (ECONNREFUSED)');
	t.is(await ping('no address', 'success'), 'it cannot be called');
});

test('a watchdog that says nothing is left in time', async t => {
	const {url} = await listen(t, undefined);
	t.is(await ping(url, 'start', 300), 'it does not answer in time');
});
