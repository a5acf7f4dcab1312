import {copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {withZodb} from '../helpers/file-storage.js';
import {tinyFileSystem, unmount} from '../helpers/full-device.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, zeoctl} from '../helpers/zeoctl.js';

const commit = `
import sys, ZODB, ZODB.FileStorage, transaction
db = ZODB.DB(ZODB.FileStorage.FileStorage(sys.argv[1]))
with db.transaction() as connection:
    root = connection.root()
    root['count'] = root.get('count', 0) + 1
db.close()
`;

const conf = (data: string) => `<zeo>
  address 127.0.0.1:1
</zeo>
<filestorage main>
  path ${data}
</filestorage>
<runner>
  program sleep 600
  socket-name sock
</runner>
`;

/** An instance whose real database has one transaction; undefined where there is no Python to make it. */
const instanceWithData = async (t: ExecutionContext, place?: string) => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const data = place ?? path.join(folder, 'Data.fs');
	writeFileSync(path.join(folder, 'zeo.conf'), conf(data));
	const run = async (...words: string[]) => zeoctl(t, ['-C', 'zeo.conf', ...words], {cwd: folder});
	const add = async () => {
		const {exitCode, stderr} = await runCommand(t, [python, '-c', commit, data], {cwd: folder});
		t.is(exitCode, 0, stderr);
	};
	const live = async () => {
		const {exitCode, stderr} = await run('start');
		t.is(exitCode, 0, stderr);
		await run('stop');
	};
	await add();
	return {folder, data, run, add, live};
};

test('promise 2: an older copy that gets into the file after a crash is not served, whatever its size', async t => {
	const instance = await instanceWithData(t);
	if (!instance) return;
	const {data, run, add} = instance;
	t.is((await run('start')).exitCode, 0);
	await add();
	copyFileSync(data, `${data}.copy`);
	await add();
	t.is((await run('restart')).exitCode, 0);
	await waitFor('what is known of the newest', () => {
		const {size} = JSON.parse(readFileSync(`${data}.zeoctl`, 'utf8'));
		return size === statSync(data).size;
	});
	const status = async (): Promise<{pid: number | null; manager: number | null; state: string}> =>
		JSON.parse((await run('status', '--json')).stdout);
	const {pid, manager} = await status();
	if (pid === null || manager === null) return t.fail('nothing runs');
	process.kill(manager, 'SIGSTOP');
	process.kill(pid, 'SIGKILL');
	// The same inode, and larger than the file was at the first start.
	copyFileSync(`${data}.copy`, data);
	process.kill(manager, 'SIGCONT');
	await waitFor('the refusal', async () =>
		(await run('history', '--json')).stdout.includes('is older than it was'),
	);
	t.is((await status()).pid, null);
});

test('promise 2: a database that has vanished is not replaced by an empty one', async t => {
	const instance = await instanceWithData(t);
	if (!instance) return;
	const {data, run, live} = instance;
	await live();
	renameSync(data, `${data}.away`);
	const {exitCode, stderr} = await run('start');
	t.is(exitCode, 1);
	t.regex(stderr, /^Error: cannot start the program: .*Data\.fs/);
	t.regex(stderr, /\nnext: /);
	t.false(existsSync(data));
	renameSync(`${data}.away`, data);
	await live();
});

test('promise 2: a database whose file system is not mounted is not replaced by an empty one below the mount point', async t => {
	const mount = tinyFileSystem(t);
	if (mount === undefined) return;
	const instance = await instanceWithData(t, path.join(mount, 'Data.fs'));
	if (!instance) return;
	const {run, live} = instance;
	await live();
	unmount(mount);
	const {exitCode, stderr} = await run('start');
	t.is(exitCode, 1);
	t.regex(
		stderr,
		/is missing, but its last known transaction is of .*\nnext: .*mount what is missing/s,
	);
	const check = await run('check');
	t.regex(check.stdout + check.stderr, /is missing, but its last known transaction/);
	t.is((await run('accept-database')).exitCode, 0);
	await live();
});

test('promise 2: a database whose pack was interrupted between its renames is refused, and the command in the message brings it back', async t => {
	const instance = await instanceWithData(t);
	if (!instance) return;
	const {data, run, live} = instance;
	await live();
	if (!(await withZodb(t, [{do: 'kill-in-pack', path: data, at: 'after-1'}]))) return;
	t.false(existsSync(data));
	const {exitCode, stderr} = await run('start');
	t.is(exitCode, 1);
	t.regex(stderr, /^Error: cannot start the program: .* a pack was interrupted/);
	t.false(existsSync(data));
	const command = /^next: (mv .*)$/m.exec(stderr)?.[1] ?? '';
	t.is((await runCommand(t, ['sh', '-c', command], {cwd: '/'})).exitCode, 0, command);
	await live();
	const [content] = (await withZodb(t, [{do: 'read', path: data}])) ?? [];
	t.like(content, {keys: ['count']});
});

test('promise 2: an older copy of a database is refused until somebody accepts it', async t => {
	const instance = await instanceWithData(t);
	if (!instance) return;
	const {data, run, add, live} = instance;
	copyFileSync(data, `${data}.backup`);
	await add();
	await live();
	renameSync(`${data}.backup`, data);
	const refused = await run('start');
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /cannot start the program: .*older/);
	const accepted = await run('accept-database', 'main');
	t.is(accepted.exitCode, 0, accepted.stderr);
	await live();
});

test('a new instance is asked nothing', async t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'zeo.conf'), conf('Data.fs'));
	const {exitCode, stderr} = await zeoctl(t, ['-C', 'zeo.conf', 'start'], {cwd: folder});
	t.is(exitCode, 0, stderr);
	t.is(stderr, '');
	await zeoctl(t, ['-C', 'zeo.conf', 'stop'], {cwd: folder});
});
