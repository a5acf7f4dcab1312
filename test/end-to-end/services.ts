import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import ava, {type ExecutionContext} from 'ava';
import {copySources} from '../helpers/checkout.js';
import {examples, normalizeOutput, readSteps} from '../helpers/example-steps.js';
import {skip} from '../helpers/python.js';
import {fencedBlocks, readReadme} from '../helpers/readme.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

/** What the box, which has no network, takes instead: a repository, and all packages of npm and of Python. */
const supplies = mkdtempSync(path.join(os.tmpdir(), 'zeoctl-supplies-'));
const repository = path.join(supplies, 'repository');
const wheels = path.join(supplies, 'wheels');
const npmCache = path.join(supplies, 'npm');
ava.after.always(() => rmSync(supplies, {recursive: true, force: true}));

const test = useSystemdBox([supplies]);

const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How npm gets at packages here; the rest of its environment is about the project that runs the tests. */
const wayToPackages = Object.fromEntries(
	Object.entries(process.env).filter(([name]) =>
		/^(?:npm_config_(?:registry|userconfig|cafile|(?:https_)?proxy)|NODE_EXTRA_CA_CERTS)$/i.test(
			name,
		),
	),
);

const run = async (
	t: ExecutionContext,
	cwd: string,
	...argv: [string, ...string[]]
): Promise<string | undefined> => {
	const env = {...wayToPackages, PATH: `${path.dirname(process.execPath)}:${standardPath}`};
	const {exitCode, stdout, stderr} = await runCommand(t, argv, {cwd, env, limitMs: 400_000});
	return exitCode === 0 ? undefined : `${argv.join(' ')}: ${stdout}${stderr}`;
};

/** The sources as they are now, as the only commit of a repository. */
const makeRepository = (t: ExecutionContext): Promise<string | undefined> => {
	copySources(repository);
	const git = 'git -c user.name=t -c user.email=t@example.org -c commit.gpgsign=false';
	return run(
		t,
		repository,
		...(['sh', '-ec', `git init -q && git add -A && ${git} commit -qm x`] as const),
	);
};

/** Undefined when they are there, else why not. */
const fetchNpmPackages = (t: ExecutionContext): Promise<string | undefined> => {
	const project = path.join(supplies, 'project');
	mkdirSync(project);
	const copy = `cp ${repository}/package*.json ${repository}/.npmrc .`;
	const install = `npm ci --ignore-scripts --cache ${npmCache}`;
	return run(t, project, ...(['sh', '-ec', `${copy} && ${install}`] as const));
};

/** Undefined when they are there, else why not. */
const fetchWheels = async (t: ExecutionContext): Promise<string | undefined> => {
	if (existsSync(wheels)) return undefined;
	const wanted = path.join(projectRoot, 'scripts/releases/2026.11/zeo-6.txt');
	const pip = ['--disable-pip-version-check', '--no-deps', '--require-hashes', '-q'];
	return (
		(await run(t, supplies, 'python3', '-m', 'venv', 'pip')) ??
		(await run(t, supplies, 'pip/bin/pip', 'download', ...pip, '-r', wanted, '-d', wheels))
	);
};

/** Takes the packages from the supplies; npm writes to its cache. */
const offline = `export HOME=/root PATH=${path.dirname(process.execPath)}:${standardPath}
export npm_config_offline=true npm_config_cache=/var/tmp/npm
export PIP_NO_INDEX=1 PIP_FIND_LINKS=${wheels}
`;

/** `zeoctl` on the PATH of the box, and ZEO in /srv/env. */
const prepare = (box: Box): Promise<string> =>
	box.run([
		...['sh', '-ec'],
		`${offline}[ ! -e /srv/env ] || exit 0
		mkdir -p /opt/zeoctl/scripts && cp -r ${projectRoot}/dist ${projectRoot}/units /opt/zeoctl/
		cp -r ${projectRoot}/scripts/releases /opt/zeoctl/scripts/
		ln -s /opt/zeoctl/dist/zeoctl.cjs /usr/local/bin/zeoctl
		python3 -m venv /srv/env && /srv/env/bin/pip install --quiet ZEO`,
	]);

const client = `
import sys, ZEO
db = ZEO.DB(("127.0.0.1", 8100), storage="shop", wait=True, wait_timeout=60)
with db.transaction() as connection:
    if len(sys.argv) > 1:
        connection.root()["word"] = sys.argv[1]
    print(connection.root()["word"])
db.close()
`;

const visit = (box: Box, ...words: readonly string[]): Promise<string> =>
	box.run(['/srv/shop/env/bin/python', '-c', client, ...words]);

test('five commands make an enabled and hardened service of nothing', async (t, box) => {
	t.timeout(900_000);
	const broken = await makeRepository(t);
	t.is(broken, undefined);
	const missing = (await fetchNpmPackages(t)) ?? (await fetchWheels(t));
	if (missing !== undefined) return skip(t, `no packages: ${missing}`);
	const block = fencedBlocks(readReadme()).find(({info}) => info === 'sh service');
	const commands = (block?.text ?? '').replace('REPOSITORY', repository);
	t.is(commands.trimEnd().split('\n').length, 5);

	const start = `${offline}cp -r ${npmCache} /var/tmp/npm\ncd /root\n`;
	const all = await box.attempt(['sh', '-ec', `${start}${commands}`]);
	t.is(all.exitCode, 0, all.stdout + all.stderr);
	t.is(await box.run(['systemctl', 'is-active', 'zeo-shop.service']), 'active');
	t.is(await box.run(['systemctl', 'is-enabled', 'zeo-shop.service']), 'enabled');
	t.is(await box.run(['systemctl', 'is-active', 'pack-zeo-shop.timer']), 'active');
	const security = ['systemd-analyze', 'security', '--no-pager', '--threshold=15'];
	t.is((await box.attempt([...security, 'zeo-shop.service'])).exitCode, 0);
	t.is(await box.run(['stat', '-c', '%U %G', '/srv/shop/var/Data.fs']), 'zeoadm zeo');
	t.is(await visit(box, 'kept'), 'kept');

	await box.reboot();
	await waitFor(
		'the service after a boot',
		async () => (await box.attempt(['systemctl', 'is-active', 'zeo-shop.service'])).exitCode === 0,
		120_000,
	);
	t.is(await visit(box), 'kept');
	await box.run(['/srv/shop/bin/zeoctl', 'uninstall']);
	t.not((await box.attempt(['systemctl', 'is-active', 'zeo-shop.service'])).exitCode, 0);
	await box.run(['test', '-s', '/srv/shop/var/Data.fs']);
});

test('the commands of examples/systemd print what its README says', async (t, box) => {
	t.timeout(600_000);
	const missing = await fetchWheels(t);
	if (missing !== undefined) return skip(t, `no packages: ${missing}`);
	await prepare(box);
	await box.run(['cp', '-r', path.join(examples, 'systemd'), '/srv/systemd']);
	for (const {commands, printed} of readSteps('systemd')) {
		const place = `examples/systemd/README.md:${commands.line}`;
		const script = `${offline}cd /srv/systemd\n${commands.text}`;
		const ended = await box.attempt(['sh', '-euc', script]);
		t.like(ended, {exitCode: 0, stderr: ''}, place);
		t.deepEqual(normalizeOutput(ended.stdout), normalizeOutput(printed), place);
	}
});

const tlsConf = `<zeo>
  address localhost:8105
  <ssl>
    certificate /srv/tls/etc/tls/server.pem
    key /srv/tls/etc/tls/server.key
    authenticate /srv/tls/etc/tls/ca.pem
  </ssl>
</zeo>
<filestorage main>
  path /srv/tls/var/Data.fs
</filestorage>
`;

const tlsRunner = `<runner>
  program /srv/env/bin/runzeo -C /srv/tls/etc/server.conf
  directory /srv/tls
  socket-name /srv/tls/var/control
  user tls
</runner>
<health>
</health>
`;

test('a service reads the confs and keys that root has made for itself', async (t, box) => {
	t.timeout(600_000);
	const missing = await fetchWheels(t);
	if (missing !== undefined) return skip(t, `no packages: ${missing}`);
	await prepare(box);
	await box.run(['mkdir', '-p', '/srv/tls/etc', '/srv/tls/var']);
	await box.write('/srv/tls/etc/server.conf', tlsConf, '0600');
	await box.write('/srv/tls/etc/tls.conf', tlsRunner, '0600');
	const zeoctl = (...words: readonly string[]) =>
		box.run(['sh', '-c', `${offline}exec zeoctl "$@"`, 'sh', ...words]);
	await zeoctl('certificates', '--folder', '/srv/tls/etc/tls', '--host', 'localhost');
	await zeoctl('-C', '/srv/tls/etc/tls.conf', 'install');
	t.is(await box.run(['systemctl', 'is-active', 'zeo-tls.service']), 'active');
	const modes = await box.run([
		...['sh', '-c', "cd /srv/tls/etc && stat -c '%n %a %U %G' . server.conf tls tls/*.key"],
	]);
	t.deepEqual(modes.split('\n'), [
		'. 755 root root',
		'server.conf 640 root tls',
		'tls 710 root tls',
		'tls/ca.key 600 root root',
		'tls/client.key 600 root root',
		'tls/server.key 640 root tls',
	]);
	await zeoctl('-C', '/srv/tls/etc/tls.conf', 'uninstall');
});

const oddFolders = ['/srv/größe 100%d;#&!', '/srv/$(id)"`id`\\'];

for (const [index, folder] of oddFolders.entries()) {
	test(`${folder}, which shells, units and confs could trip over, holds a service like any other`, async (t, box) => {
		t.timeout(600_000);
		const missing = await fetchWheels(t);
		if (missing !== undefined) return skip(t, `no packages: ${missing}`);
		await prepare(box);
		const name = `odd${index}`;
		const run = (...words: readonly string[]) =>
			box.run(['sh', '-c', `${offline}exec "$@"`, 'sh', ...words]);
		const answers = [
			'--project-slug',
			name,
			'--zeo-server-port',
			`${8106 + index}`,
			'--run-user',
			name,
		];
		await run('zeoctl', 'init', folder, '--yes', '--zeo-monitor-port', 'none', ...answers);
		await run('zeoctl', 'bootstrap', folder);
		const own = (...words: readonly string[]) => run(`${folder}/bin/zeoctl`, ...words);
		await own('check');
		await own('install');
		t.is(await box.run(['systemctl', 'is-active', `zeo-${name}.service`]), 'active');
		t.regex(await own('status'), /^program running; pid=\d+$/);
		await box.run(['systemctl', 'start', `pack-zeo-${name}.service`]);
		t.regex(await own('pack'), /nothing to drop/);
		await own('generate', 'all', '--check');
		await own('uninstall');
		await box.run(['test', '-s', `${folder}/var/Data.fs`]);
	});
}
