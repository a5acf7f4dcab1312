import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {testPython} from '../helpers/python.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot} from '../helpers/zeoctl.js';

const python = process.env['ZEOCTL_TEST_PYTHON'] ?? path.join(projectRoot, '.test-env/bin/python');
const environment = path.dirname(path.dirname(python));
const test = useSystemdBox(existsSync(environment) ? [environment] : []);

const zeoctl = [process.execPath, '/opt/zeoctl/dist/zeoctl.cjs'];

/** Commits over the section that the README of an instance shows, once with and once without its certificate. */
const client = `
import re, sys, ZODB.config
from ZEO.Exceptions import ClientDisconnected
readme = open('/srv/shop/README.md').read()
section = re.search(r'<clientstorage>.*?</clientstorage>', readme, re.S).group(0)
def open_by(text):
    text = text.replace('</clientstorage>', 'wait-timeout ' + sys.argv[1] + chr(10) + '</clientstorage>')
    return ZODB.config.databaseFromString('%import ZEO' + chr(10) + '<zodb>' + chr(10) + text + chr(10) + '</zodb>')
db = open_by(section)
with db.transaction() as connection:
    connection.root()['word'] = 'committed'
with db.transaction() as connection:
    print(connection.root()['word'])
db.close()
sys.argv[1] = '3'
try:
    open_by(re.sub(r'<ssl>.*?</ssl>', '', section, flags=re.S))
except ClientDisconnected:
    print('refused')
`;

/** zeoctl and a Python with ZEO where everybody can read them, and a sendmail that keeps what it gets. */
const prepare = async (box: Box): Promise<void> => {
	await box.run([
		...['sh', '-ec'],
		`mkdir -p /opt/zeoctl/scripts
		cp -r ${projectRoot}/dist ${projectRoot}/units /opt/zeoctl/
		cp -r ${projectRoot}/scripts/releases /opt/zeoctl/scripts/
		cp -rL ${environment} /opt/python
		chmod -R go+rX /opt/zeoctl /opt/python
		mkdir -m 1777 /srv/mails`,
	]);
	await box.write('/srv/sendmail', '#!/bin/sh\nexec cat >/srv/mails/$$\n', '0755');
};

test('root makes an instance, installs it, and it serves, packs and reports by itself', async (t, box) => {
	t.timeout(400_000);
	if (testPython(t) === undefined) return;
	await prepare(box);
	const answers = ['--use-zeo-auth', 'yes', '--zeo-pack-report', 'ops@example.org'];
	const said = await box.run([
		...[...zeoctl, 'init', '/srv/shop', '--yes', ...answers],
		...['--mail-server', '/srv/sendmail', '--zeo-server-port', '18321'],
	]);
	t.regex(said, /^the user zeoadm does not exist yet: bootstrap tells what makes it$/m);
	// What bootstrap would fetch from the package index.
	await box.write(
		'/srv/shop/env/bin/runzeo',
		'#!/bin/sh\nexec /opt/python/bin/python -m ZEO.runzeo "$@"\n',
		'0755',
	);
	const ctl = (...words: readonly string[]) => box.run(['/srv/shop/bin/zeoctl', ...words]);
	await ctl('install');

	t.is(await box.run(['systemctl', 'is-active', 'zeo-shop.service']), 'active');
	const owners = await box.run([
		...['stat', '-c', '%n %U:%G %a', '/srv/shop/var', '/srv/shop/etc/shop-zeo.conf'],
		...['/srv/shop/etc/tls/server.key', '/srv/shop/etc/tls'],
	]);
	t.deepEqual(owners.split('\n'), [
		'/srv/shop/var zeoadm:zeo 750',
		'/srv/shop/etc/shop-zeo.conf root:zeo 640',
		'/srv/shop/etc/tls/server.key zeoadm:zeo 600',
		'/srv/shop/etc/tls zeoadm:zeo 700',
	]);
	t.is(await box.run(['/opt/python/bin/python', '-c', client, '30']), 'committed\nrefused');
	await waitFor('a server that is well, as seen over TLS', async () => {
		const {health} = JSON.parse(await ctl('status', '--json'));
		return health?.verdict === 'ready' ? true : undefined;
	});

	const drift = await ctl('generate', 'all', '--check');
	t.true(
		drift.split('\n').every(line => line.endsWith(': same')),
		drift,
	);
	t.is(
		await box.run([
			'diff',
			'-r',
			'/srv/shop/etc/logrotate.d/zeo-shop',
			'/etc/logrotate.d/zeo-shop',
		]),
		'',
	);
	await box.run([
		...['sh', '-ec'],
		'for unit in /srv/shop/etc/systemd/*; do cmp "$unit" "/etc/systemd/system/$(basename "$unit")"; done',
	]);

	await box.run(['/srv/shop/bin/zeopack', '-d', '0']);
	const mail = await waitFor('a report of the pack', async () => {
		const {stdout, exitCode} = await box.attempt(['sh', '-c', 'cat /srv/mails/*']);
		return exitCode === 0 && stdout !== '' ? stdout : undefined;
	});
	t.regex(mail, /^To: ops@example\.org\r?$/m);

	t.regex(await ctl('init', '--update', '/srv/shop'), /^nothing to do$/m);
	await ctl('uninstall');
	await box.run(['test', '-s', '/srv/shop/var/Data.fs']);
});
