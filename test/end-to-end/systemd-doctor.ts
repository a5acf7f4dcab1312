import {existsSync} from 'node:fs';
import process from 'node:process';
import type {DoctorDocument} from '../../src/cli/doctor/document.js';
import {pythonFolder} from '../helpers/boxed-service.js';
import {testPython} from '../helpers/python.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {projectRoot} from '../helpers/zeoctl.js';

const test = useSystemdBox(existsSync(pythonFolder) ? [pythonFolder] : []);

const conf = '/srv/app/etc/app-zeoctl.conf';

/** An installed service, and the command on PATH. */
const install = async (box: Box): Promise<void> => {
	await box.run([
		...['sh', '-ec'],
		`mkdir -p /srv/app/etc /srv/app/var /srv/app/log /opt/zeoctl
		cp -r ${projectRoot}/dist ${projectRoot}/units /opt/zeoctl/
		cp -rL ${pythonFolder} /opt/python
		chmod -R go+rX /opt/zeoctl /opt/python
		printf '#!/bin/sh\\nexec %s /opt/zeoctl/dist/zeoctl.cjs "$@"\\n' ${process.execPath} >/usr/local/bin/zeoctl
		chmod 755 /usr/local/bin/zeoctl`,
	]);
	await box.write(
		'/srv/app/etc/app-zeo.conf',
		'<zeo>\n  address 127.0.0.1:8124\n</zeo>\n<filestorage main>\n  path /srv/app/var/Data.fs\n</filestorage>\n',
	);
	await box.write(
		conf,
		`<runner>
  program /opt/python/bin/python -m ZEO.runzeo -C /srv/app/etc/app-zeo.conf
  socket-name /run/app/app.sock
  user zeoadm
  directory /srv/app
  transcript /srv/app/log/out.log
</runner>
<zeoctl>
  state-directory /var/lib/app
</zeoctl>
<pack/>
`,
	);
	await box.run(['zeoctl', '-C', conf, 'install', '--group', 'zeo']);
};

const examine = async (box: Box, group: string) => {
	const {stdout} = await box.attempt(['zeoctl', '-C', conf, 'doctor', group, '--json']);
	const {checks}: DoctorDocument = JSON.parse(stdout);
	return checks.flatMap(({name, findings}) =>
		findings
			.filter(({level}) => level === 'warning' || level === 'error')
			.map(finding => ({...finding, name})),
	);
};

const unit = '/etc/systemd/system/zeo-app.service';

/** What a person does to a service, and what is found of it. */
const cases = {
	drift: {
		breaks: `echo '# changed' >>${unit}`,
		group: 'service',
		finds: /zeo-app\.service was changed by hand/,
	},
	'a unit of an older conf': {
		breaks: `sed -i 's,^  user zeoadm,  user zeoadm\\n  start-timeout 200,' ${conf}`,
		group: 'service',
		finds: /zeo-app\.service is not what would be generated/,
	},
	'a file that is missing': {
		breaks: 'rm /etc/systemd/system/pack-zeo-app.service',
		group: 'service',
		finds: /pack-zeo-app\.service is missing/,
	},
	boot: {
		breaks: 'systemctl disable zeo-app.service',
		group: 'service',
		finds: /zeo-app\.service is installed and not started at boot/,
	},
	'an init script beside it': {
		breaks: `printf '#!/bin/sh\\n### BEGIN INIT INFO\\n# Provides: old-zeo\\n# Required-Start:\\n# Required-Stop:\\n# Default-Start: 2 3 4 5\\n# Default-Stop: 0 1 6\\n### END INIT INFO\\nzdaemon -C ${conf} "$1"\\n' >/etc/init.d/old-zeo
			chmod 755 /etc/init.d/old-zeo; update-rc.d old-zeo defaults`,
		group: 'service',
		finds: /both .*zeo-app\.service and \/etc\/init\.d\/old-zeo/,
	},
	'an old line of cron': {
		breaks: "echo '0 3 * * 0 zeoadm zeopack -p 8124' >/etc/cron.d/zeopack",
		group: 'packs',
		finds: /\/etc\/cron\.d\/zeopack:1 packs past zeoctl/,
	},
} as const;

test('what is wrong with a service is repaired by the printed commands', async (t, box) => {
	t.timeout(400_000);
	if (testPython(t) === undefined) return;
	await install(box);
	t.deepEqual(await examine(box, 'service'), []);
	t.deepEqual(await examine(box, 'packs'), []);
	for (const [title, {breaks, group, finds}] of Object.entries(cases)) {
		await box.run(['sh', '-ec', breaks]);
		const found = await examine(box, group);
		const finding = found.find(({message}) => finds.test(message));
		t.truthy(finding, `${title}: ${JSON.stringify(found)}`);
		await box.run(['sh', '-ec', finding?.command ?? 'false']);
		const left = await examine(box, group);
		t.deepEqual(left, [], title);
	}
	await box.run([
		...['sh', '-ec'],
		`mkdir ${unit}.d; printf '[Service]\\nTimeoutStopSec=5\\n' >${unit}.d/short.conf`,
	]);
	const [short, ...more] = await examine(box, 'service');
	t.is(short?.name, 'stop-time');
	t.regex(short?.message ?? '', /kills everything 5 s after a stop, which may take 300 s/);
	t.deepEqual(more, []);
	t.regex(
		await box.run(['zeoctl', '-C', conf, 'uninstall']),
		/^left \/etc\/systemd\/system\/zeo-app\.service\.d, which install has not made$/m,
	);
});
