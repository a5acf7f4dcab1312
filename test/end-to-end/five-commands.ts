import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import ava, {type ExecutionContext} from 'ava';
import {copySources} from '../helpers/checkout.js';
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

const run = async (
	t: ExecutionContext,
	cwd: string,
	...argv: [string, ...string[]]
): Promise<string | undefined> => {
	const env = {PATH: `${path.dirname(process.execPath)}:${standardPath}`};
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

/** Undefined when all is there, else why not. */
const fetchPackages = async (t: ExecutionContext): Promise<string | undefined> => {
	const npm = path.join(supplies, 'npm-project');
	mkdirSync(npm);
	const wanted = path.join(projectRoot, 'scripts/releases/2026.11/zeo-6.txt');
	const pip = ['--disable-pip-version-check', '--no-deps', '--require-hashes', '-q'];
	return (
		(await run(
			t,
			npm,
			'sh',
			'-ec',
			`cp ${repository}/package*.json ${repository}/.npmrc . && npm ci --ignore-scripts --cache ${npmCache}`,
		)) ??
		(await run(t, supplies, 'python3', '-m', 'venv', 'pip')) ??
		(await run(t, supplies, 'pip/bin/pip', 'download', ...pip, '-r', wanted, '-d', wheels))
	);
};

/** Takes the packages from the supplies; npm writes to its cache. */
const offline = `export HOME=/root PATH=${path.dirname(process.execPath)}:${standardPath}
export npm_config_offline=true npm_config_cache=/var/tmp/npm
export PIP_NO_INDEX=1 PIP_FIND_LINKS=${wheels}
cp -r ${npmCache} /var/tmp/npm
cd /root
`;

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
	const missing = await fetchPackages(t);
	if (missing !== undefined) return skip(t, `no packages: ${missing}`);
	const block = fencedBlocks(readReadme()).find(({info}) => info === 'sh service');
	const commands = (block?.text ?? '').replace('REPOSITORY', repository);
	t.is(commands.trimEnd().split('\n').length, 5);

	const all = await box.attempt(['sh', '-ec', `${offline}${commands}`]);
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
});
