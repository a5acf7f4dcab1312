import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, zeoctl} from '../helpers/zeoctl.js';

/** Opens the storage that the first argument configures, commits to it, and prints what it reads. */
const clientScript = `
import sys, ZODB.config
db = ZODB.config.databaseFromString(open(sys.argv[1]).read())
with db.transaction() as connection:
    connection.root()['word'] = 'committed'
with db.transaction() as connection:
    print(connection.root()['word'])
db.close()
`;

/** The indented lines of the first or second printed section. */
const sectionOf = (printed: string, index: number): string =>
	(printed.match(/^<ssl>\n[\s\S]*?^<\/ssl>$/gm) ?? [])[index] ?? '';

test('a real server and a real client talk by the sections that are printed', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const run = (...words: readonly string[]) => zeoctl(t, words, {cwd: folder});
	const made = await run('certificates', '--folder', 'tls', '--host', 'localhost');
	t.is(made.exitCode, 0, made.stderr);
	writeFileSync(
		path.join(folder, 'zeo.conf'),
		`<zeo>\naddress 127.0.0.1:${port}\n${sectionOf(made.stdout, 0)}\n</zeo>\n<filestorage main>\npath ${folder}/Data.fs\n</filestorage>\n`,
	);
	writeFileSync(
		path.join(folder, 'd.conf'),
		`<runner>\nprogram ${path.dirname(python)}/runzeo -C ${folder}/zeo.conf\nsocket-name ${folder}/s\n</runner>\n<health>\ninterval 1s\ndisk-floor 0\ninode-floor 0%\n</health>\n`,
	);
	writeFileSync(
		path.join(folder, 'client.conf'),
		`%import ZEO\n<zodb>\n<clientstorage>\nserver localhost:${port}\nstorage main\nwait-timeout 30\n${sectionOf(made.stdout, 1)}\n</clientstorage>\n</zodb>\n`,
	);
	writeFileSync(path.join(folder, 'client.py'), clientScript);
	t.teardown(() => run('-C', 'd.conf', 'stop'));
	const commit = async (): Promise<void> => {
		const words = [python, 'client.py', 'client.conf'] as const;
		const {stdout, stderr} = await runCommand(t, words, {cwd: folder});
		t.is(stdout, 'committed\n', stderr);
	};
	const started = await run('-C', 'd.conf', 'start');
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	await commit();
	await waitFor('a healthy server', async () => {
		const {stdout} = await run('-C', 'd.conf', 'status', '--json');
		const {health} = JSON.parse(stdout);
		return health?.verdict === 'ready' && health.alarms.length === 0 ? true : undefined;
	});
	const packed = await run('-C', 'd.conf', 'pack');
	t.is(packed.exitCode, 0, packed.stdout + packed.stderr);
	const renewed = await run('certificates', '--folder', 'tls', '--renew', '--client', 'other');
	t.regex(renewed.stdout, /a server that runs must be restarted/);
	t.is((await run('-C', 'd.conf', 'restart')).exitCode, 0);
	await commit();
});

test('what cannot stand in a certificate is refused', async t => {
	const cwd = temporaryFolder(t);
	for (const words of [
		['--host', 'a,DNS:b'],
		['--host', 'a\nb'],
		['--client', '../x'],
		['--client', 'ca'],
		['--days', '0'],
	]) {
		const {exitCode, stderr} = await zeoctl(t, ['certificates', '--folder', 'tls', ...words], {
			cwd,
		});
		t.is(exitCode, 2, stderr);
		t.regex(stderr, /^Error: cannot make certificates: /);
	}
	const {exitCode, stderr} = await zeoctl(t, ['certificates', '--folder', 'no/tls'], {cwd});
	t.is(exitCode, 1);
	t.regex(stderr, /^Error: cannot make certificates in '.*\/no\/tls': ENOENT/);
});
