import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, type Result, runCommand, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

const initIn = (t: ExecutionContext, folder: string, ...words: string[]): Promise<Result> =>
	zeoctl(t, ['init', folder, ...words]);

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
	const made = await initIn(t, folder, '--yes', '--zeo-server-port', String(await findFreePort()));
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
	const replay = {project_slug: 'one', zeo_server_port: 18_100, pack_schedule: '1 2 * * *'};
	writeFileSync(file, JSON.stringify({cookiecutter: replay}));
	const target = path.join(folder, 'x');
	const words = ['--yes', '--answers', file, '--project-slug', 'two', '--json'];
	const made = await initIn(t, target, ...words);
	t.is(made.exitCode, 0, made.stderr);
	t.true(JSON.parse(made.stdout).written.includes('etc/two-zeo.conf'));
	t.regex(readFileSync(path.join(target, 'etc/two-zeo.conf'), 'utf8'), /:18100\n/);
});

test('what is refused leaves nothing behind', async t => {
	const folder = path.join(temporaryFolder(t), 'x');
	const {exitCode, stderr} = await initIn(t, folder, '--yes', '--project-slug', '../etc');
	t.is(exitCode, 2);
	t.regex(stderr, /project_slug '\.\.\/etc': up to 40 letters/);
	t.false(existsSync(folder));
});

test('without a terminal nothing is guessed', async t => {
	const folder = path.join(temporaryFolder(t), 'x');
	const {exitCode, stderr} = await initIn(t, folder);
	t.is(exitCode, 2);
	t.regex(stderr, /cannot ask for the answers/);
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
		{limitMs: 90_000},
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

test('a folder of wheels that lacks a package is told so, and leaves no half environment', async t => {
	const root = temporaryFolder(t);
	const folder = path.join(root, 'shop');
	await initIn(t, folder, '--yes');
	const wheels = path.join(root, 'wheels');
	mkdirSync(wheels);
	const {exitCode, stderr} = await zeoctl(t, ['bootstrap', folder, '--wheels', wheels], {
		limitMs: 120_000,
	});
	t.is(exitCode, 1);
	t.regex(stderr, /cannot install the Python packages|cannot make a Python environment/);
	t.false(existsSync(path.join(folder, 'env')));
});
