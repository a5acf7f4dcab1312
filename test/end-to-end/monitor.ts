import {readFileSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort, openPeer} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {zeoctl} from '../helpers/zeoctl.js';

const ask = (port: number): Promise<string> =>
	new Promise(resolve => {
		let text = '';
		const socket = connect({host: '127.0.0.1', port});
		socket.setEncoding('utf8').on('data', chunk => {
			text += chunk;
		});
		socket.on('error', () => undefined);
		socket.once('close', () => resolve(text));
	});

/** A real server whose supervisor has a monitor port. */
const startMonitored = async (t: ExecutionContext, python: string, monitor: number) => {
	const folder = temporaryFolder(t);
	const runzeo = path.join(path.dirname(python), 'runzeo');
	const port = await findFreePort();
	const server = `<zeo>\naddress 127.0.0.1:${port}\n</zeo>\n<filestorage main>\npath ${folder}/Data.fs\n</filestorage>\n`;
	writeFileSync(path.join(folder, 'zeo.conf'), server);
	writeFileSync(
		path.join(folder, 'd.conf'),
		`<runner>\nprogram ${runzeo} -C ${folder}/zeo.conf\nsocket-name ${folder}/s\n</runner>
<monitor>\naddress ${monitor}\n</monitor>
<eventlog>\n<logfile>\npath ${folder}/event.log\n</logfile>\n</eventlog>\n`,
	);
	const run = (...words: readonly string[]) => zeoctl(t, ['-C', 'd.conf', ...words], {cwd: folder});
	t.teardown(() => run('stop'));
	const {exitCode, stdout, stderr} = await run('start');
	t.is(exitCode, 0, stdout + stderr);
	return {folder, run};
};

test('a real server is described in the monitor text of ZEO 4', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const monitor = await findFreePort();
	const {run} = await startMonitored(t, python, monitor);
	const text = await waitFor('the monitor text', async () => (await ask(monitor)) || undefined);
	t.regex(
		text,
		/^ZEO monitor server version unknown\n\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\n\n/,
	);
	t.regex(text, /^Storage: main\nServer started: .+\nClients: 0\n/m);
	const {stdout} = await run('check');
	t.notRegex(stdout, /no effect yet/);
	await run('stop');
	t.is(await ask(monitor), '');
});

test('an address in use is a warning and keeps nobody from starting', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const {port} = await openPeer(t, socket => socket.end('other\n'));
	const {folder} = await startMonitored(t, python, port);
	const warning = `cannot serve the <monitor> port: listen EADDRINUSE: address already in use 127.0.0.1:${port}`;
	await waitFor('the warning', () =>
		readFileSync(path.join(folder, 'event.log'), 'utf8').includes(warning) ? true : undefined,
	);
	t.is(await ask(port), 'other\n');
});
