import {createHash} from 'node:crypto';
import {
	appendFileSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {nobody, publicPlace} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, type Result, runCommand, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

/** Ports that no other test listens at, as it might at those that are proposed. */
const quietPorts = ['--zeo-server-port', '18100', '--zeo-monitor-port', '18101'];

const initIn = (t: ExecutionContext, folder: string, ...words: string[]): Promise<Result> => {
	const isFirst = words.includes('--yes') && !words.includes('--answers');
	return zeoctl(t, ['init', folder, ...(isFirst ? quietPorts : []), ...words]);
};

const filesOf = (folder: string): readonly string[] =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter(file => statSync(path.join(folder, file)).isFile())
		.toSorted();

const ownFiles = (slug: string): readonly string[] =>
	[
		...['.gitignore', '.zeoctl-init.json', 'README.md', 'requirements.txt'],
		...['runzeo', 'zeoctl', 'zeopack', 'zeopasswd'].map(name => `bin/${name}`),
		...['zdaemon', 'zeo', 'zeoctl'].map(kind => `etc/${slug}-${kind}.conf`),
		// A hardened service could not see a folder in /tmp.
		...[`init.d/zeo-${slug}`, `logrotate.d/zeo-${slug}`, `cron.d/pack-zeo-${slug}`].map(
			file => `etc/${file}`,
		),
	].toSorted();

test('an instance is made without a question, and its conf has no mistake', async t => {
	const folder = path.join(temporaryFolder(t), 'my shöp');
	const made = await initIn(t, folder, '--yes');
	t.is(made.exitCode, 0, made.stderr);
	t.deepEqual(filesOf(folder), ownFiles('my-shop'));
	t.regex(made.stdout, /^left out: cannot generate units .* does not see \//m);
	t.is(statSync(path.join(folder, '.zeoctl-init.json')).mode & 0o777, 0o600);
	const check = await runCommand(t, [path.join(folder, 'bin/zeoctl'), 'check']);
	t.is(check.exitCode, 0, check.stdout);
});

test('answers come from a file, and options come first', async t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'replay.json');
	const ports = {zeo_server_port: 18_102, zeo_monitor_port: 18_103};
	const replay = {project_slug: 'one', ...ports, pack_schedule: '1 2 * * *'};
	writeFileSync(file, JSON.stringify({cookiecutter: replay}));
	const target = path.join(folder, 'x');
	const words = ['--yes', '--answers', file, '--project-slug', 'two', '--json'];
	const made = await initIn(t, target, ...words);
	t.is(made.exitCode, 0, made.stderr);
	t.true(JSON.parse(made.stdout).written.includes('etc/two-zeo.conf'));
	t.regex(readFileSync(path.join(target, 'etc/two-zeo.conf'), 'utf8'), /:18102\n/);
});

test('what is refused leaves nothing behind', async t => {
	const folder = path.join(temporaryFolder(t), 'x');
	const {exitCode, stderr} = await initIn(t, folder, '--yes', '--project-slug', '../etc');
	t.is(exitCode, 2);
	t.regex(stderr, /project_slug '\.\.\/etc': up to 40 letters.*\(--project-slug\)/);
	t.false(existsSync(folder));
});

test('without a terminal nothing is guessed', async t => {
	const folder = path.join(temporaryFolder(t), 'x');
	const {exitCode, stderr} = await initIn(t, folder);
	t.is(exitCode, 2);
	t.regex(stderr, /cannot ask for the answers.*--yes/);
	t.false(existsSync(folder));
});

test('a file that is there already is shown as a diff and stays, and nothing else is written', async t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'README.md'), 'mine\n');
	const {exitCode, stderr} = await initIn(t, folder, '--yes');
	t.is(exitCode, 1);
	t.regex(stderr, /^-mine$/m);
	t.regex(stderr, /cannot write README.md: changed by hand/);
	t.deepEqual(filesOf(folder), ['README.md']);
});

test('a link in place of a folder is not followed', async t => {
	const root = temporaryFolder(t);
	const folder = path.join(root, 'x');
	mkdirSync(folder);
	await runCommand(t, ['ln', '-s', root, path.join(folder, 'etc')]);
	const {exitCode, stderr} = await initIn(t, folder, '--yes');
	t.is(exitCode, 1);
	t.regex(stderr, /etc' is not a folder/);
	t.deepEqual(readdirSync(root), ['x']);
	t.deepEqual(readdirSync(folder), ['etc']);
});

test('an update makes the files anew from their answers, but for what was changed by hand', async t => {
	const folder = temporaryFolder(t);
	const init = (...words: string[]) => initIn(t, folder, ...words);
	const made = await init('--yes', '--project-slug', 'a', '--pack-days', '3');
	t.is(made.exitCode, 0, made.stderr);
	const again = await init('--yes');
	t.is(again.exitCode, 1);
	t.regex(again.stderr, /it is one already/);

	const server = path.join(folder, 'etc/a-zeo.conf');
	const own = path.join(folder, 'etc/a-zeoctl.conf');
	appendFileSync(server, '# mine\n');
	const same = await init('--update');
	t.is(same.exitCode, 0, same.stderr);
	t.regex(same.stdout, /^nothing to do$/m);

	const changed = await init('--update', '--pack-days', '9');
	t.is(changed.exitCode, 0, changed.stderr);
	t.regex(changed.stdout, /^wrote etc\/a-zeoctl.conf$/m);
	t.regex(readFileSync(own, 'utf8'), /days 9\n/);
	t.regex(readFileSync(server, 'utf8'), /# mine\n$/);

	const both = await init('--update', '--blobs', 'no', '--pack-days', '11');
	t.is(both.exitCode, 1);
	t.regex(both.stderr, /cannot write etc\/a-zeo.conf: changed by hand; nothing was written/);
	t.regex(readFileSync(own, 'utf8'), /days 9\n/);
});

test('an update makes the service of what a person has changed, and takes away what is wanted no more', async t => {
	const folder = temporaryFolder(t);
	const init = (...words: string[]) => initIn(t, folder, ...words);
	t.is((await init('--yes', '--project-slug', 'a', '--pack-days', '3')).exitCode, 0);
	const cron = path.join(folder, 'etc/cron.d/pack-zeo-a');
	const conf = path.join(folder, 'etc/a-zeoctl.conf');
	t.regex(readFileSync(cron, 'utf8'), /^17 3 \* \* 0 /m);
	const made = readFileSync(conf, 'utf8');

	writeFileSync(conf, made.replace('17 3 * * 0', '5 4 * * 1'));
	const followed = await init('--update');
	t.regex(followed.stdout, /^wrote etc\/cron\.d\/pack-zeo-a$/m);
	t.regex(readFileSync(cron, 'utf8'), /^5 4 \* \* 1 /m);

	writeFileSync(conf, made);
	appendFileSync(cron, '# mine\n');
	const kept = await init('--update', '--pack-schedule', 'none', '--project-slug', 'b');
	t.is(kept.exitCode, 0, kept.stderr);
	t.regex(kept.stdout, /^removed etc\/a-zeoctl\.conf$/m);
	t.regex(kept.stdout, /^kept etc\/cron\.d\/pack-zeo-a, which was changed by hand$/m);
	t.deepEqual(
		filesOf(folder).filter(file => /[-_]a\b/.test(file)),
		['etc/cron.d/pack-zeo-a'],
	);
});

test('a service that cannot be planned stays as it is, and the reason is said', async t => {
	const folder = temporaryFolder(t);
	const init = (...words: string[]) => initIn(t, folder, ...words);
	t.is((await init('--yes', '--project-slug', 'a')).exitCode, 0);
	const before = filesOf(folder);
	appendFileSync(path.join(folder, 'etc/a-zdaemon.conf'), '<nonsense>\n');
	const {exitCode, stdout} = await init('--update');
	t.is(exitCode, 0);
	t.regex(stdout, /^left out: /m);
	t.deepEqual(filesOf(folder), before);
	t.regex((await init('--update')).stdout, /^nothing to do$/m);
});

type Shown = {readonly exitCode: number; readonly shown: string; readonly left: number};

const onTerminal = async (
	t: ExecutionContext,
	steps: readonly (readonly [waitFor: string, keys: string])[],
	...words: string[]
): Promise<Shown> => {
	const script = path.join(projectRoot, 'test/fixtures/reference/answer-on-terminal.py');
	const command = [process.execPath, zeoctlFile, 'init', ...words];
	const {stdout, stderr} = await runCommand(
		t,
		['python3', script, JSON.stringify(steps), ...command],
		{limitMs: 120_000},
	);
	if (stdout === '') throw new Error(stderr);
	return JSON.parse(stdout);
};

const enter = '\r';
const asked = ['set of pinned', 'version of ZEO', 'cache of', 'user that', 'group that'] as const;

test('a person is asked on a terminal, corrected at once, and sees everything before it is written', async t => {
	const folder = path.join(temporaryFolder(t), 'shop');
	const shown = await onTerminal(
		t,
		[
			['name of the project', enter],
			['short name', ` /${enter}`],
			['up to 40 letters', `\u007f\u007f-1${enter}`],
			...asked.map(text => [text, enter] as const),
			['port of the server', `${'\u007f'.repeat(4)}18123${enter}`],
			['port of the monitor', `${'\u007f'.repeat(4)}none${enter}`],
			['name of the storage', enter],
			['keep blobs', enter],
			['only clients', enter],
			['when the storage', enter],
			['days of history', enter],
			['mail address', enter],
			['folder of the logs', enter],
			['Make it?', enter],
		],
		folder,
	);
	t.is(shown.exitCode, 0, shown.shown);
	t.is(shown.left, 0);
	t.regex(shown.shown, /project_slug: shop-1/);
	t.notRegex(shown.shown, /zeo_auth_user|mail_server/);
	t.deepEqual(filesOf(folder), ownFiles('shop-1'));
	t.regex(readFileSync(path.join(folder, 'etc/shop-1-zeo.conf'), 'utf8'), /127\.0\.0\.1:18123\n/);
});

test('Ctrl-C at a question leaves nothing behind', async t => {
	const folder = path.join(temporaryFolder(t), 'shop');
	const steps = [
		['name of the project', enter],
		['short name', '\u0003'],
	] as const;
	const {exitCode, shown} = await onTerminal(t, steps, folder);
	t.is(exitCode, 1);
	t.regex(shown, /Nothing was written/);
	t.false(existsSync(folder));
});

test('a file that both have changed is shown, and replaced when the person says so', async t => {
	const folder = temporaryFolder(t);
	t.is((await initIn(t, folder, '--yes', '--project-slug', 'a')).exitCode, 0);
	const conf = path.join(folder, 'etc/a-zeoctl.conf');
	appendFileSync(conf, '# mine\n');
	const update = (answer: string) =>
		onTerminal(t, [['Replace etc/a-zeoctl.conf', answer]], '--update', '--pack-days', '9', folder);
	const left = await update('\u0003');
	t.is(left.exitCode, 1, left.shown);
	t.regex(left.shown, /nobody has decided about it; nothing was written/);
	t.regex((await initIn(t, folder, '--update')).stdout, /^nothing to do$/m);
	const declined = await update(enter);
	t.is(declined.exitCode, 0, declined.shown);
	t.regex(declined.shown, /-\s+days 7[\s\S]*\+\s+days 9[\s\S]*-# mine/);
	t.regex(declined.shown, /kept etc\/a-zeoctl\.conf, which was changed by hand/);
	t.regex(readFileSync(conf, 'utf8'), /days 7\n[\s\S]*# mine\n$/);
	// The plan is known now: only another one is asked about again.
	t.regex((await initIn(t, folder, '--update')).stdout, /^nothing to do$/m);
	const accepted = await onTerminal(
		t,
		[['Replace etc/a-zeoctl.conf', `y${enter}`]],
		...['--update', '--pack-days', '11', folder],
	);
	t.is(accepted.exitCode, 0, accepted.shown);
	t.regex(readFileSync(conf, 'utf8'), /days 11\n/);
	t.notRegex(readFileSync(conf, 'utf8'), /# mine/);
});

test('certificates that cannot be made leave nothing behind', async t => {
	const folder = path.join(temporaryFolder(t), 'shop');
	const words = ['init', folder, '--yes', '--use-zeo-auth', 'yes', ...quietPorts];
	const {exitCode, stderr} = await zeoctl(t, words, {env: {PATH: '/nowhere'}});
	t.is(exitCode, 1);
	t.regex(stderr, /there is no command openssl[\s\S]*apt install openssl/);
	t.false(existsSync(folder));
});

test('an update can ask clients for certificates, and keeps those that are there', async t => {
	const folder = temporaryFolder(t);
	t.is((await initIn(t, folder, '--yes', '--project-slug', 'a')).exitCode, 0);
	const changed = await initIn(t, folder, '--update', '--use-zeo-auth', 'yes');
	t.is(changed.exitCode, 0, changed.stderr);
	t.regex(changed.stdout, /^ {4}server-hostname localhost$/m);
	const key = path.join(folder, 'etc/tls/server.key');
	t.is(statSync(key).mode & 0o777, 0o600);
	const before = readFileSync(key, 'utf8');
	const again = await initIn(t, folder, '--update');
	t.regex(again.stdout, /^nothing to do$/m);
	t.notRegex(again.stdout, /<ssl>/);
	t.is(readFileSync(key, 'utf8'), before);
});

const password = 'correct horse';
const forZeo4 = ['--zeo-version', '4', '--use-zeo-auth', 'yes', '--zeo-auth-user', 'web'];
const settled = ['--project-name', 'shop', '--project-slug', 'shop', '--pyams-release', 'latest']
	.concat('--eggs-directory', 'eggs', '--run-user', 'zeoadm', '--run-group', 'zeo')
	.concat('--zeo-server-port', '18124', '--zeo-monitor-port', 'none', '--zeo-storage', 'shop')
	.concat('--blobs', 'no', '--pack-schedule', 'none', '--zeo-pack-report', 'none')
	.concat('--logs-directory', 'var/log');

const allTextsIn = (folder: string): string =>
	filesOf(folder)
		.map(file => readFileSync(path.join(folder, file), 'utf8'))
		.join('\n');

test('a password for ZEO 4 is asked for without echo, and kept only as its database has it', async t => {
	const folder = path.join(temporaryFolder(t), 'shop');
	const {exitCode, shown} = await onTerminal(
		t,
		[
			['Make it?', enter],
			['password of web', `${password}${enter}`],
			['the same again', `${password}${enter}`],
		],
		...[folder, ...settled, ...forZeo4],
	);
	t.is(exitCode, 0, shown);
	t.false(shown.includes(password));
	const file = path.join(folder, 'etc/shop-zeo.passwd');
	t.regex(readFileSync(file, 'utf8'), /^realm shop\nweb: [0-9a-f]{40}\n$/);
	t.is(statSync(file).mode & 0o777, 0o600);
	t.false(allTextsIn(folder).includes(password));
	const bootstrapped = await zeoctl(t, ['bootstrap', folder]);
	t.is(bootstrapped.exitCode, 1);
	t.regex(bootstrapped.stderr, /ZEO 4 runs on Python 2\.7 to 3\.6/);
});

test('Ctrl-C at the password leaves nothing behind', async t => {
	const folder = path.join(temporaryFolder(t), 'shop');
	const steps = [
		['Make it?', enter],
		['password of web', '\u0003'],
	] as const;
	const {exitCode, shown} = await onTerminal(t, steps, folder, ...settled, ...forZeo4);
	t.is(exitCode, 1, shown);
	t.false(existsSync(folder));
});

test('a password may come from a file, and without one ZEO 4 is not made', async t => {
	const root = temporaryFolder(t);
	const folder = path.join(root, 'shop');
	const without = await initIn(t, folder, '--yes', ...settled, ...forZeo4);
	t.is(without.exitCode, 1);
	t.regex(without.stderr, /web has no password[\s\S]*--zeo-auth-password-file/);
	t.false(existsSync(folder));
	const file = path.join(root, 'secret');
	const every = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index)).join('');
	writeFileSync(file, `${every}\n`, {mode: 0o600});
	const words = [...settled, ...forZeo4, '--zeo-auth-password-file', file];
	const made = await initIn(t, folder, '--yes', ...words);
	t.is(made.exitCode, 0, made.stderr);
	t.regex(made.stdout, /^ {2}username web$/m);
	t.false((allTextsIn(folder) + made.stdout).includes(every));
	const hash = createHash('sha1').update(`web:shop:${every}`).digest('hex');
	const database = readFileSync(path.join(folder, 'etc/shop-zeo.passwd'), 'utf8');
	t.is(database, `realm shop\nweb: ${hash}\n`);
	t.regex((await initIn(t, folder, '--update')).stdout, /^nothing to do$/m);
});

test('a folder of wheels that lacks a package is told so, and leaves no half environment', async t => {
	t.timeout(450_000);
	const root = temporaryFolder(t);
	const folder = path.join(root, 'shop');
	await initIn(t, folder, '--yes');
	const wheels = path.join(root, 'wheels');
	mkdirSync(wheels);
	const {exitCode, stderr} = await zeoctl(t, ['bootstrap', folder, '--wheels', wheels], {
		limitMs: 400_000,
	});
	t.is(exitCode, 1);
	t.regex(stderr, /cannot install the Python packages|cannot make a Python environment/);
	t.false(existsSync(path.join(folder, 'env')));
});

test('bootstrap does not propose a start for a user who does not exist yet', async t => {
	const place = await publicPlace(t);
	if (place === undefined) return;
	const home = path.join(place.folder, 'home');
	mkdirSync(home);
	chownSync(home, nobody.uid, nobody.gid);
	cpSync(path.join(projectRoot, 'scripts/releases'), path.join(place.folder, 'scripts/releases'), {
		recursive: true,
	});
	cpSync(path.join(projectRoot, 'units'), path.join(place.folder, 'units'), {recursive: true});
	cpSync(path.join(projectRoot, 'package.json'), path.join(place.folder, 'package.json'));
	const type = (...words: readonly string[]): Promise<Result> =>
		runCommand(t, [process.execPath, place.command, ...words], {cwd: home, ...nobody});
	const made = await type('init', 'shop', '--yes', ...quietPorts, '--run-user', 'no-such-user');
	t.is(made.exitCode, 0, made.stderr);
	// An environment that is as wanted, as far as can be seen.
	mkdirSync(path.join(home, 'shop/env/bin'), {recursive: true});
	writeFileSync(path.join(home, 'shop/env/bin/python'), '#!/bin/sh\nexit 0\n', {mode: 0o755});
	cpSync(path.join(home, 'shop/requirements.txt'), path.join(home, 'shop/env/.installed'));
	chownSync(path.join(home, 'shop/env/bin'), nobody.uid, nobody.gid);
	const {stdout, stderr, exitCode} = await type('bootstrap', 'shop');
	t.is(exitCode, 0, stderr);
	const next = /^next: (.*)$/m.exec(stdout)?.[1] ?? '';
	t.regex(next, /^sudo (?:shop\/bin\/zeoctl install|useradd .* no-such-user && .*)$/, stdout);
	const started = await runCommand(t, ['sh', '-c', 'shop/bin/zeoctl start'], {
		...{cwd: home, ...nobody},
	});
	t.is(started.exitCode, 2);
	t.regex(
		started.stderr,
		/^Error: username 'no-such-user' not found\n\(line \d+ in file:\/\/.*shop-zdaemon\.conf\)\n/,
	);
});
