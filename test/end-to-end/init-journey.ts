import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {type Result, runCommand} from '../helpers/zeoctl.js';

/** Commits over the section that a README shows, then tries it without its certificate. */
const client = `
import re, sys, ZODB.config
from ZEO.Exceptions import ClientDisconnected
section = re.search(r'<clientstorage>.*?</clientstorage>', open(sys.argv[1]).read(), re.S).group(0)
def open_by(text, patience):
    text = text.replace('</clientstorage>', '  wait-timeout %s\\n</clientstorage>' % patience)
    return ZODB.config.databaseFromString('%import ZEO\\n<zodb>\\n' + text + '\\n</zodb>\\n')
db = open_by(section, 60)
with db.transaction() as connection:
    connection.root()['word'] = 'committed'
with db.transaction() as connection:
    print(connection.root()['word'])
db.close()
try:
    open_by(re.sub(r'<ssl>.*?</ssl>', '', section, flags=re.S), 3)
except ClientDisconnected:
    print('refused')
`;

type Person = {
	readonly root: string;
	/** Types a command line. */
	type(line: string, env?: Readonly<Record<string, string>>): Promise<Result>;
};

/** Somebody in a folder of their own, with zeoctl on PATH. */
const person = (t: ExecutionContext): Person => {
	const root = temporaryFolder(t);
	return {
		root,
		type: (line, env = {}) => runCommand(t, ['sh', '-c', line], {cwd: root, env, limitMs: 400_000}),
	};
};

const nextOf = ({stdout}: Result): string => /^next: (.*)$/m.exec(stdout)?.[1] ?? 'false';

/** Somebody else's words for a package index that cannot be reached. */
const offline = {PIP_INDEX_URL: 'http://127.0.0.1:9/simple', UV_INDEX_URL: 'http://127.0.0.1:9/'};

test('from an old file of answers to a server for known clients, by the commands that are printed', async t => {
	t.timeout(900_000);
	const {root, type} = person(t);
	const port = await findFreePort();
	const sendmail = path.join(root, 'sendmail');
	mkdirSync(path.join(root, 'mails'));
	writeFileSync(sendmail, `#!/bin/sh\nexec cat >${root}/mails/$$\n`, {mode: 0o755});
	const answers = {
		...{project_name: 'The Shop', project_slug: 'shop', zeo_storage: 'main'},
		...{zeo_server_port: port, zeo_monitor_port: '', run_user: os.userInfo().username},
		...{use_zeo_auth: 'y', zeo_auth_user: 'web', zeo_auth_password: 'unused'},
		...{zeo_pack_report: 'ops@example.org', eggs_directory: path.join(root, 'eggs')},
		_template: 'https://example.org/template',
	};
	writeFileSync(path.join(root, 'replay.json'), JSON.stringify({cookiecutter: answers}));
	const made = await type(`zeoctl init shop --yes --answers replay.json --mail-server ${sendmail}`);
	t.is(made.exitCode, 0, made.stderr);
	t.regex(made.stdout, /^zeo_auth_password is not used: ZEO 6 knows certificates$/m);
	t.is(nextOf(made), 'zeoctl bootstrap shop');

	const bootstrapped = await type(nextOf(made));
	if (bootstrapped.stderr.includes('check the network')) {
		skip(t, bootstrapped.stderr);
		return;
	}
	t.is(bootstrapped.exitCode, 0, bootstrapped.stdout + bootstrapped.stderr);
	t.regex(bootstrapped.stdout, /^ZEO 6\./m);
	t.regex((await type('zeoctl bootstrap shop')).stdout, /^nothing to do/);

	t.teardown(() => type('shop/bin/zeoctl stop'));
	const started = await type(nextOf(bootstrapped));
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	const {python, readme} = {python: 'shop/env/bin/python', readme: 'shop/README.md'};
	writeFileSync(path.join(root, 'client.py'), client);
	const committed = await type(`${python} client.py ${readme}`);
	t.is(committed.stdout, 'committed\nrefused\n', committed.stderr);
	await waitFor('a server that is well', async () => {
		const {health} = JSON.parse((await type('shop/env/bin/zeoctl status --json')).stdout);
		return health?.verdict === 'ready' ? true : undefined;
	});

	const packed = await type('shop/bin/zeopack -d 0');
	t.is(packed.exitCode, 0, packed.stdout + packed.stderr);
	const mail = await waitFor('a report of the pack', () => {
		const [file] = readdirSync(path.join(root, 'mails'));
		const text = file && readFileSync(path.join(root, 'mails', file), 'utf8');
		return Promise.resolve(text || undefined);
	});
	t.regex(mail, /^To: ops@example\.org\r?$/m);
	t.regex(mail, /^Subject: zeoctl shop on .*: packed/m);
	t.is((await type('shop/bin/zeoctl stop')).exitCode, 0);

	// The old commands, by themselves.
	const line = `shop/bin/runzeo & server=$!; ${python} client.py ${readme}; kill $server; wait $server`;
	t.regex((await type(line)).stdout, /^committed\nrefused\n/);
	const users = await type('shop/bin/zeopasswd -p digest -f users -r realm alice secret');
	t.is(users.exitCode, 0, users.stderr);
	t.regex(readFileSync(path.join(root, 'users'), 'utf8'), /^realm realm\nalice: [0-9a-f]{40}\n$/);
	t.regex(
		(await type('shop/env/bin/zdaemon -C shop/etc/shop-zdaemon.conf status')).stdout,
		/not running/,
	);

	const requirements = 'shop/requirements.txt';
	const download = `python3 -m pip download --no-deps --require-hashes -r ${requirements} --cache-dir eggs -d wheels`;
	const downloaded = await type(download);
	t.is(downloaded.exitCode, 0, downloaded.stdout + downloaded.stderr);
	await type(`zeoctl init other --yes --zeo-server-port ${port} --zeo-monitor-port none`);
	const copied = await type('zeoctl bootstrap other --wheels wheels', offline);
	t.is(copied.exitCode, 0, copied.stdout + copied.stderr);
	t.regex(copied.stdout, /^ZODB \d/m);
});
