import {createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {judgeExposure, judgePrivileged} from '../../../../src/cli/doctor/checks/ports.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import {examination} from '../../../helpers/examined.js';
import {findFreePort} from '../../../helpers/fake-zeo.js';

/** Somebody else who listens. */
const occupy = async (t: ExecutionContext<unknown>): Promise<number> => {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise(resolve => server.once('listening', resolve));
	t.teardown(() => server.close());
	const address = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
};

const serving = (port: number): string =>
	`<zeo>\n  address 127.0.0.1:${port}\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n</filestorage>\n`;

test('an address that is free', async t => {
	const port = await findFreePort();
	const {levels} = examination(t, {server: serving(port)});
	t.deepEqual(await levels('address'), [`ok: 127.0.0.1:${port} is free`]);
	t.deepEqual(await levels('answers'), ['idle: the server does not run']);
});

test('an address that somebody else has, with who that is', async t => {
	const port = await occupy(t);
	const [finding] = await examination(t, {server: serving(port)}).findings('address');
	t.is(finding?.level, 'error');
	t.regex(
		finding?.message ?? '',
		new RegExp(`^127.0.0.1:${port} is in use: process ${process.pid} `),
	);
	t.is(finding?.command, `ps -fp ${process.pid}`);
});

test('a monitor port that somebody else has', async t => {
	const port = await occupy(t);
	const conf = `<runner>\n  program {folder}/runzeo -C {folder}/zeo.conf\n  socket-name sock\n</runner>\n<monitor>\n  address 127.0.0.1:${port}\n</monitor>\n`;
	t.is((await examination(t, {conf}).findings('monitor'))[0]?.level, 'error');
});

const low = test.macro((t, ports: readonly number[], uid: number, expected: Level) => {
	t.is(judgePrivileged(ports, uid, 1024)[0]?.level, expected);
});

test('everybody may have a high port', low, [8100, 8101], 1000, 'ok');
test('only root may have a low one', low, [8100, 80], 1000, 'error');
test('root may', low, [80], 0, 'ok');
test('any port is fine', low, [0], 1000, 'ok');

const tls = {certificate: 'c', key: 'k', authenticate: 'a'};

test('a server for every machine without TLS is a warning', t => {
	const address = {family: 'inet', host: '', port: 8100} as const;
	t.is(judgeExposure({address, tls: undefined})[0]?.level, 'warning');
	t.is(judgeExposure({address, tls})[0]?.level, 'ok');
	t.is(judgeExposure({address: {...address, host: '127.0.0.1'}, tls: undefined})[0]?.level, 'ok');
	t.is(judgeExposure({address: {family: 'unix', path: '/s'}, tls: undefined})[0]?.level, 'ok');
});
