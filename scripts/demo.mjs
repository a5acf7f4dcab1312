// The demo instance in demo/: a real ZEO server, made, started and stopped as an administrator would do it.
import {spawnSync} from 'node:child_process';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import {makePythonEnvironment} from './python-environment.mjs';
import {fail, refuseForeigner, root} from './ready.mjs';

const demo = path.join(root, 'demo');
const conf = name => path.join(demo, 'etc', `demo-${name}.conf`);
const firstPort = 8100;

const start = async () => {
	refuseForeigner();
	await makePythonEnvironment({
		folder: path.join(demo, 'env'),
		requirements: await newestRelease(),
		modules: ['ZEO.runzeo', 'ZODB.FileStorage'],
	});
	for (const folder of ['etc', 'var', 'log'])
		await mkdir(path.join(demo, folder), {recursive: true});
	await writeUnlessCurrent('zeo', zeoConf(await choosePort()));
	await writeUnlessCurrent('zdaemon', zdaemonConf());
	await writeUnlessCurrent('zeoctl', zeoctlConf());
	zeoctl('start');
	zeoctl('status');
	const command = `node dist/zeoctl.cjs -C ${path.relative(root, conf('zeoctl'))}`;
	const port = portOf(await readConf('zeo'));
	console.log(
		`\nClients find the server at 127.0.0.1:${port}.\n\nNext:\n  ${command} status --json\n  ${command} restart\n  npm stop`,
	);
};

// The packages that a new instance gets, too.
const newestRelease = async () => {
	const releases = path.join(root, 'scripts/releases');
	const newest = (await readdir(releases)).sort().at(-1);
	return path.join(releases, newest, 'zeo-6.txt');
};

const stop = async () => {
	if ((await readConf('zeoctl')) === undefined) {
		console.log('nothing is running: there is no demo instance yet, "npm start" makes one');
	} else {
		zeoctl('stop');
	}
};

// What a person changed stays, as long as it is about this folder.
const writeUnlessCurrent = async (name, text) => {
	const present = await readConf(name);
	const isOurs = present?.includes(name === 'zeoctl' ? '%include' : literal(demo));
	if (!isOurs || (name === 'zeo' && portOf(present) !== portOf(text))) {
		await writeFile(conf(name), isOurs ? withPort(present, portOf(text)) : text);
	}
};

const readConf = name => readFile(conf(name), 'utf8').catch(() => undefined);

const address = /^(\s*address\s+127\.0\.0\.1:)(\d+)/m;
const portOf = text => Number(address.exec(text ?? '')?.[2] ?? firstPort);
const withPort = (text, port) => text.replace(address, `$1${port}`);

// The port stays the same from run to run, unless somebody else has taken it meanwhile.
const choosePort = async () => {
	const present = await readConf('zeo');
	let port = portOf(present);
	if (isServed()) return port;
	while (!(await isFree(port))) port += 1;
	if (present !== undefined && port !== portOf(present))
		console.log(
			`port ${portOf(present)} is taken by another process: the server moves to ${port}, in ${path.relative(root, conf('zeo'))}`,
		);
	return port;
};

const isFree = port =>
	new Promise(resolve => {
		const probe = net.createServer();
		probe.once('error', () => resolve(false));
		probe.listen({port, host: '127.0.0.1'}, () => probe.close(() => resolve(true)));
	});

// ZODB locks this file for as long as a server has the storage open.
const isServed = () =>
	spawnSync('flock', ['--nonblock', path.join(demo, 'var/Data.fs.lock'), 'true']).status === 1;

// A `$` starts a substitution in every value.
const literal = text => text.replaceAll('$', '$$$$');
const inside = (...names) => literal(path.join(demo, ...names));
// In a program line quotes make one word of a span that holds white space, and mean nothing special otherwise.
const word = text => (/\s/.test(text) ? `"${text}"` : text);

const zeoConf = port => `# The server of the demo instance, as runzeo reads it.
<zeo>
  address 127.0.0.1:${port}
  pid-filename ${inside('var/zeo.pid')}
</zeo>

<filestorage 1>
  path ${inside('var/Data.fs')}
  blob-dir ${inside('var/blobs')}
</filestorage>

<eventlog>
  level info
  <logfile>
    path ${inside('log/zeo.log')}
    format %(asctime)s %(levelname)s %(name)s %(message)s
  </logfile>
</eventlog>
`;

const zdaemonConf = () => `# How the server is run, as zdaemon reads it.
<runner>
  program ${word(inside('env/bin/runzeo'))} -C ${word(literal(conf('zeo')))}
  directory ${inside()}
  socket-name ${inside('var/zeo.sock')}
  transcript ${inside('log/transcript.log')}
</runner>

<eventlog>
  level info
  <logfile>
    path ${inside('log/supervisor.log')}
    format %(asctime)s %(levelname)s %(name)s %(message)s
  </logfile>
</eventlog>
`;

const zeoctlConf =
	() => `# What zeoctl runs; its own sections go here, so that the other two files stay as they are.
%include ${path.basename(conf('zdaemon'))}
`;

const zeoctl = verb => {
	const argv = [path.join(root, 'dist/zeoctl.cjs'), '-C', conf('zeoctl'), verb];
	const {status} = spawnSync(process.execPath, argv, {stdio: 'inherit', cwd: root});
	if (status !== 0) process.exit(status ?? 1);
};

const actions = {start, stop};
const action = actions[process.argv[2] ?? ''];
if (action === undefined) fail('usage: node scripts/demo.mjs start|stop');
try {
	await action();
} catch (error) {
	fail(error.message, error.hint);
}
