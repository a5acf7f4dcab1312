import path from 'node:path';
import {askRuok} from '../../src/zeo/ruok.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {makeInstance, run, runzeo, startServer, testWithZeo} from '../helpers/runzeo.js';

const options = {timeoutMs: 20_000};

testWithZeo('a real server is healthy over IPv4', async t => {
	const instance = await makeInstance(t);
	await startServer(t, instance);
	const answer = await askRuok({host: '127.0.0.1', port: instance.port}, options);
	t.is(answer.result, 'healthy');
	if (answer.result === 'healthy') {
		const storage = answer.storages.get('main');
		t.regex(answer.announcement, /^[ZM]\d$/);
		t.is(storage?.connections, 0);
		t.is(storage?.lockTime, null);
		t.is(storage?.lastTransaction, '0'.repeat(16));
	}
});

testWithZeo('a real server is healthy over IPv6', async t => {
	const port = await findFreePort('::1').catch(() => undefined);
	if (port === undefined) {
		t.log('skipped: no IPv6 on this machine');
		t.pass();
		return;
	}

	const instance = await makeInstance(t, {
		port,
		conf: '<zeo>\n address [::1]:{port}\n</zeo>\n<filestorage main>\n path {folder}/Data.fs\n</filestorage>\n',
		zeo: {address: {family: 'inet6', host: '::1', port}},
	});
	await startServer(t, instance);
	t.is((await askRuok({host: '::1', port}, options)).result, 'healthy');
});

testWithZeo('a real server is healthy over a Unix socket, and refused once it stopped', async t => {
	const first = await makeInstance(t);
	const address = path.join(first.folder, 'zeo.sock');
	const instance = await makeInstance(t, {
		conf: `<zeo>\n address ${address}\n</zeo>\n<filestorage main>\n path {folder}/Data.fs\n</filestorage>\n`,
		zeo: {address: {family: 'unix', path: address}},
	});
	const server = await startServer(t, instance);
	t.is((await askRuok({path: address}, options)).result, 'healthy');
	server.child.kill('SIGTERM');
	t.is((await server.ended).code, 0);
	t.deepEqual(await askRuok({path: address}, options), {result: 'refused'});
});

testWithZeo('a real server that is stopped in its tracks is mute', async t => {
	const instance = await makeInstance(t);
	const server = await startServer(t, instance);
	server.child.kill('SIGSTOP');
	t.deepEqual(await askRuok({host: '127.0.0.1', port: instance.port}, {timeoutMs: 200}), {
		result: 'mute',
	});
	server.child.kill('SIGCONT');
	t.is((await askRuok({host: '127.0.0.1', port: instance.port}, options)).result, 'healthy');
});

testWithZeo('a failed server is seen by its end, not by its silence', async t => {
	const instance = await makeInstance(t, {conf: '<zeo>\n</zeo>\n'});
	const {code} = await run(t, [runzeo, '-C', instance.confPath]).ended;
	t.is(code, 2);
	const answer = await askRuok({host: '127.0.0.1', port: instance.port}, options);
	t.is(answer.result, 'refused');
});
