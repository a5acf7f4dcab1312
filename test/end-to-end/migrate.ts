import {execFileSync} from 'node:child_process';
import {chmodSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {zeoctl} from '../helpers/zeoctl.js';

/** A pair of files as they were written for ZEO 4. */
const oldPair = async (t: ExecutionContext, runzeo: string) => {
	const folder = temporaryFolder(t);
	const [port, monitor] = [await findFreePort(), await findFreePort()];
	const zeoConf = `# by hand, in 2014
<zeo>
  address 127.0.0.1:${port}
  monitor-address ${monitor}
  authentication-protocol digest
  authentication-database ${folder}/users
  authentication-realm Zope
</zeo>
<filestorage main>
  path ${folder}/Data.fs
</filestorage>
`;
	writeFileSync(path.join(folder, 'my-zeo.conf'), zeoConf);
	chmodSync(path.join(folder, 'my-zeo.conf'), 0o640);
	writeFileSync(
		path.join(folder, 'my-zdaemon.conf'),
		`<runner>\n  program ${runzeo} -C ${folder}/my-zeo.conf\n  socket-name ${folder}/s\n</runner>\n`,
	);
	const run = (...words: readonly string[]) => zeoctl(t, words, {cwd: folder});
	return {folder, monitor, zeoConf, run};
};

test('without --write an old pair is described as a diff that patch takes', async t => {
	const {folder, zeoConf, run} = await oldPair(t, '/usr/bin/runzeo');
	const {exitCode, stdout, stderr} = await run('migrate', 'my-zdaemon.conf');
	t.is(exitCode, 0, stderr);
	t.is(readFileSync(path.join(folder, 'my-zeo.conf'), 'utf8'), zeoConf);
	t.deepEqual(readdirSync(folder).sort(), ['my-zdaemon.conf', 'my-zeo.conf']);
	t.regex(stderr, /my-zeo\.conf:4: monitor-address: ZEO 5 removed the monitor server/);
	execFileSync('patch', ['-s', '-p0', '-d', '/'], {input: stdout, stdio: 'pipe'});
	const {stdout: checked} = await run('-C', 'my-zeoctl.conf', 'check');
	t.regex(checked, /^no errors, /m);
});

test('a pair that was migrated starts with the real server, which has its monitor port', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const {folder, monitor, zeoConf, run} = await oldPair(
		t,
		path.join(path.dirname(python), 'runzeo'),
	);
	t.is((await run('-C', 'my-zdaemon.conf', 'check')).exitCode, 2);
	const {exitCode, stderr} = await run('-C', 'my-zdaemon.conf', 'migrate', '--write');
	t.is(exitCode, 0, stderr);
	const backup = path.join(folder, 'my-zeo.conf.before-migrate');
	t.is(readFileSync(backup, 'utf8'), zeoConf);
	t.is(statSync(path.join(folder, 'my-zeo.conf')).mode & 0o777, 0o640);
	t.teardown(() => run('-C', 'my-zeoctl.conf', 'stop'));
	const started = await run('-C', 'my-zeoctl.conf', 'start');
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	const text = await waitFor(
		'the monitor text',
		() =>
			new Promise<string>(resolve => {
				const socket = connect({host: '127.0.0.1', port: monitor});
				socket.on('error', () => resolve(''));
				socket.once('data', data => resolve(data.toString()));
			}),
	);
	t.regex(text, /^ZEO monitor server/);
	const again = await run('-C', 'my-zeoctl.conf', 'migrate', '--write', '--json');
	t.like(JSON.parse(again.stdout), {outcome: 'nothing-to-migrate', files: []});
});

test('a conf that is not there is an error', async t => {
	const {exitCode, stderr} = await zeoctl(t, ['migrate', 'none.conf'], {cwd: temporaryFolder(t)});
	t.is(exitCode, 1);
	t.regex(stderr, /none\.conf/);
});
