import {once} from 'node:events';
import {chmodSync, chownSync, readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {isAlive, publicPlace, type Supervised, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand} from '../helpers/zeoctl.js';

type ServerOptions = {
	readonly port: number;
	readonly data?: string;
	/** Further lines of `<zeo>`. */
	readonly zeo?: string;
	readonly runner?: string;
	readonly command?: string;
	readonly folder?: string;
};

/** An instance that runs the real server from a conf of its own; undefined, with the reason printed, without one. */
const server = (
	t: ExecutionContext<unknown>,
	{port, data, zeo = '', runner = '', ...place}: ServerOptions,
): Supervised | undefined => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const runzeo = path.join(path.dirname(python), 'runzeo');
	const instance = supervised(t, {
		...place,
		program: `${runzeo} -C zeo.conf`,
		runner: `backoff-limit 1\n${runner}`,
	});
	writeFileSync(
		instance.at('zeo.conf'),
		`<zeo>
  address 127.0.0.1:${port}
${zeo}</zeo>
<filestorage main>
  path ${data ?? instance.at('Data.fs')}
</filestorage>
`,
	);
	return instance;
};

const fails = async (t: ExecutionContext<unknown>, instance: Supervised): Promise<string> => {
	const {exitCode, stdout, stderr} = await instance.run(['start']);
	t.is(exitCode, 1, stderr);
	t.true(stdout.endsWith('\ndaemon manager not running\n'), stdout);
	t.regex(stderr, /^Error: cannot start the program: /);
	t.regex(stderr, /\nnext: .+\n$/);
	return stderr;
};

test('promise 7: a start returns when the server answers, and a port in use is told with its holder', async t => {
	const port = await findFreePort();
	const first = server(t, {port});
	const second = server(t, {port});
	if (!first || !second) return;
	const {pid} = await first.up();
	t.is((await first.run(['status', '--strict'])).exitCode, 0);
	const said = await fails(t, second);
	t.true(said.includes(`the address 127.0.0.1:${port} is in use by process ${pid} `), said);
	t.true(said.includes(`kill ${pid}`));
	t.true(isAlive(pid));
});

test('a storage that another server has open is told with its holder', async t => {
	const first = server(t, {port: await findFreePort()});
	if (!first) return;
	const {pid} = await first.up();
	const second = server(t, {port: await findFreePort(), data: first.at('Data.fs')});
	const said = second && (await fails(t, second));
	t.true(
		said?.includes(`the database '${first.at('Data.fs')}' is in use by process ${pid} `),
		said,
	);
});

test('promise 7: a start of a server that refuses its conf fails, and names key, file and line', async t => {
	const instance = server(t, {port: await findFreePort(), zeo: '  monitor-address 8101\n'});
	if (!instance) return;
	const said = await fails(t, instance);
	t.regex(said, /the key 'monitor-address' is not known to ZEO 5 and later/);
	t.true(said.includes(`${instance.at('zeo.conf')}:3`), said);
	t.regex(said, /next: remove the line/);
	t.is((await instance.run(['status'])).exitCode, 3);
});

test('a log that cannot be is told in the words of the server, not as a program that cannot be run', async t => {
	const instance = server(t, {port: await findFreePort()});
	if (!instance) return;
	const conf = instance.at('zeo.conf');
	const log = path.join(conf, 'zeo.log');
	const eventLog = `<eventlog>\n<logfile>\npath ${log}\n</logfile>\n</eventlog>\n`;
	writeFileSync(conf, readFileSync(conf, 'utf8') + eventLog);
	const said = await fails(t, instance);
	t.true(said.includes(log), said);
	t.false(said.includes('cannot be executed'), said);
});

test('a server whose conf cannot be read here has started when it listens', async t => {
	const port = await findFreePort();
	const instance = server(t, {port});
	if (!instance) return;
	// Known to the server's Python only.
	const conf = readFileSync(instance.at('zeo.conf'), 'utf8');
	writeFileSync(instance.at('zeo.conf'), `%import unheard_of\n${conf}`);
	writeFileSync(instance.at('component.xml'), '<component></component>\n');
	await runCommand(
		t,
		['sh', '-c', 'mkdir unheard_of; mv component.xml unheard_of; touch unheard_of/__init__.py'],
		{
			cwd: instance.folder,
		},
	);
	const {exitCode, stderr} = await instance.run(['start'], {env: {PYTHONPATH: instance.folder}});
	t.is(exitCode, 0, stderr);
	const socket = connect(port, '127.0.0.1');
	await once(socket, 'connect');
	socket.destroy();
	t.is((await instance.status()).state, 'running');
});

test('data that the user may not write is told with the command that gives it to them', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const place = await publicPlace(t);
	if (!place) return;
	chmodSync(place.folder, 0o777);
	const instance = server(t, {...place, port: await findFreePort(), runner: 'user nobody'});
	if (!instance) return;
	writeFileSync(instance.at('Data.fs'), '', {mode: 0o600});
	chownSync(instance.at('Data.fs'), 0, 0);
	const said = await fails(t, instance);
	const file = instance.at('Data.fs');
	t.true(said.includes(`nobody, who runs the server, may not write '${file}'`), said);
	t.regex(said, /next: sudo chown nobody/);
});

test('a server that is killed comes back with its data', async t => {
	const instance = server(t, {port: await findFreePort(), runner: 'forever on'});
	if (!instance) return;
	const {pid} = await instance.up();
	process.kill(pid, 'SIGKILL');
	const next = await waitFor('the next life', async () => {
		const status = await instance.status();
		return status.state === 'running' && status.pid !== pid ? status : undefined;
	});
	t.is(next.restarts, 1);
	t.is(next.lastExit?.signal, 'SIGKILL');
	t.is((await instance.run(['stop'])).exitCode, 0);
});
