import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {parseExposure} from '../../src/generate/exposure.js';
import {testPython} from '../helpers/python.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot} from '../helpers/zeoctl.js';

const python = process.env['ZEOCTL_TEST_PYTHON'] ?? path.join(projectRoot, '.test-env/bin/python');
const environment = path.dirname(path.dirname(python));
const test = useSystemdBox(existsSync(environment) ? [environment] : []);

const conf = '/srv/app/etc/app-zeoctl.conf';
const script = '/opt/zeoctl/dist/zeoctl.cjs';
const zeoctl = [process.execPath, script, '-C', conf];

const serverConf = `<zeo>
  address 127.0.0.1:8123
</zeo>
<filestorage main>
  path /srv/app/var/Data.fs
</filestorage>
<eventlog>
  <logfile>
    path /srv/app/log/zeo.log
  </logfile>
</eventlog>
`;

const supervisorConf = (program: string) => `<runner>
  program ${program}
  socket-name /run/app/app.sock
  user zeoadm
  directory /srv/app
  transcript /srv/app/log/out.log
</runner>
<zeoctl>
  state-directory /var/lib/app
</zeoctl>
<pack>
</pack>
<mail>
  to ops@example.org
  sendmail /bin/false
</mail>
`;

/** An instance that belongs to root, as a scaffold leaves it, and zeoctl where everybody can read it. */
const prepare = async (box: Box, program: string): Promise<void> => {
	await box.run([
		...['sh', '-ec'],
		`rm -rf /srv/app /opt/zeoctl /opt/python /var/lib/app
		mkdir -p /srv/app/etc /srv/app/var /srv/app/log /opt/zeoctl
		cp -r ${projectRoot}/dist ${projectRoot}/units /opt/zeoctl/
		[ ! -e ${environment} ] || cp -rL ${environment} /opt/python
		chmod -R go+rX /opt/zeoctl
		[ ! -e /opt/python ] || chmod -R go+rX /opt/python`,
	]);
	await box.write('/srv/app/etc/app-zeo.conf', serverConf);
	await box.write(conf, supervisorConf(program));
};

const server = '/opt/python/bin/python -m ZEO.runzeo -C /srv/app/etc/app-zeo.conf';

/** All that an installation could leave behind; not what systemd keeps for itself, nor the data. */
const snapshot = (box: Box): Promise<string> =>
	box.run([
		...['sh', '-c'],
		`find /etc /usr/lib/systemd /usr/lib/sysusers.d /var/lib/systemd /var/spool/cron /srv/app -xdev \\
			\\( -name '*-' -o -path /srv/app/var -o -path /srv/app/log -o -name '.#*' -o -name '*.lock' \\
			-o -path /var/lib/systemd/timers -o -name random-seed -o -name .pwd.lock \\) -prune \\
			-o -printf '%p %y %m %U %l\\n' 2>/dev/null | sort
		sort /etc/passwd /etc/group`,
	]);

const difference = (before: string, after: string): readonly string[] => {
	const [old, present] = [before.split('\n'), after.split('\n')];
	return [
		...old.filter(line => !present.includes(line)).map(line => `- ${line}`),
		...present.filter(line => !old.includes(line)).map(line => `+ ${line}`),
	];
};

test('a service is installed, serves, and leaves nothing but its data', async (t, box) => {
	t.timeout(400_000);
	if (testPython(t) === undefined) return;
	await prepare(box, server);
	const before = await snapshot(box);
	await box.run([...zeoctl, 'install', '--group', 'zeo']);

	t.is(await box.run(['systemctl', 'is-active', 'zeo-app.service']), 'active');
	t.is(await box.run(['systemctl', 'is-enabled', 'zeo-app.service']), 'enabled');
	t.is(await box.run(['systemctl', 'is-active', 'pack-zeo-app.timer']), 'active');
	t.regex(await box.run([...zeoctl, 'status']), /running/);
	t.is(await box.run(['stat', '-c', '%U %G', '/srv/app/var/Data.fs']), 'zeoadm zeo');
	t.regex(await box.run([...zeoctl, 'generate', 'systemd', '--check']), /zeo-app\.service: same/);

	await box.run(['systemctl', 'start', 'pack-zeo-app.service', 'mail-zeo-app.service']);
	t.notRegex(await box.run([...zeoctl, 'install']), /write|restart/);
	t.is(await box.run(['systemctl', 'is-active', 'zeo-app.service']), 'active');
	await box.run(['sed', '-i', 's,^  user zeoadm,  user zeoadm\\n  start-timeout 200,', conf]);
	t.regex(
		await box.run([...zeoctl, 'install']),
		/^write .*\/zeo-app\.service\n(?!write)(?:.*\n)*next: systemctl restart zeo-app\.service$/m,
	);

	await box.run([...zeoctl, 'uninstall']);
	t.deepEqual(difference(before, await snapshot(box)), []);
	t.not((await box.attempt(['pgrep', '-f', 'ZEO.runzeo'])).exitCode, 0);
	await box.run(['test', '-s', '/srv/app/var/Data.fs']);
	t.not(
		(await box.attempt(['ls', '/var/lib/systemd/timers/stamp-pack-zeo-app.timer'])).exitCode,
		0,
	);
});

test('a service that is installed again has its data again', async (t, box) => {
	t.timeout(400_000);
	if (testPython(t) === undefined) return;
	await prepare(box, server);
	const install = () => box.attempt([...zeoctl, 'install', '--group', 'zeo']);
	const owner = () => box.run(['stat', '-c', '%u %U %G', '/srv/app/var/Data.fs']);
	await box.run(['useradd', '--system', 'before']);
	t.is((await install()).exitCode, 0);
	const first = await owner();
	await box.run([...zeoctl, 'uninstall']);
	await box.run(['userdel', 'before']);
	const again = await install();
	t.is(again.exitCode, 0, again.stderr);
	t.is(await owner(), first);

	await box.run([...zeoctl, 'uninstall']);
	const [number = ''] = first.split(' ');
	await box.run(['useradd', '--system', '--uid', number, 'after']);
	const refused = await install();
	t.is(refused.exitCode, 4);
	t.regex(
		refused.stderr,
		/'\/srv\/app\/var\/Data\.fs' belongs to after, and zeoadm could not write/,
	);
	t.is((await box.attempt(['id', 'zeoadm'])).exitCode, 1);
	const advice = /^next: (.*)$/m.exec(refused.stderr)?.[1] ?? 'false';
	await box.run(['sh', '-ec', advice]);
	t.regex((await install()).stderr, /^$/);
	t.regex(await owner(), / zeoadm zeoadm$/);
	t.is(await box.run(['systemctl', 'is-active', 'zeo-app.service']), 'active');
	await box.run([...zeoctl, 'uninstall']);
	await box.run(['sh', '-ec', 'userdel after; userdel zeoadm']);
});

test('each sandbox is as tight as it may be', async (t, box) => {
	await prepare(box, 'sleep 1000');
	const exposure = async (service: string): Promise<number> => {
		const words = ['security', '--offline=true', '--no-pager', `/opt/made/systemd/${service}`];
		return parseExposure(await box.run(['systemd-analyze', ...words])) ?? Number.NaN;
	};
	const generate = async (): Promise<void> => {
		await box.run(['rm', '-rf', '/opt/made']);
		await box.run([...zeoctl, 'generate', 'systemd', '--to', '/opt/made']);
	};
	await generate();
	t.true((await exposure('zeo-app.service')) <= 1.5);
	t.true((await exposure('pack-zeo-app.service')) > 1.5);
	await box.run(['sed', '-i', 's,sendmail /bin/false,server localhost,', conf]);
	await generate();
	t.true((await exposure('pack-zeo-app.service')) <= 1.5);
	t.true((await exposure('mail-zeo-app.service')) <= 1.5);
});

/** The same server, which says everything twice: what is rotated by logrotate stands in the transcript, too. */
const loudConf = serverConf.replace(
	/<eventlog>.*/s,
	`<eventlog>
  level debug
${['STDOUT', '/srv/app/log/zeo.log']
	.map(
		file =>
			`  <logfile>\n    path ${file}\n    level debug\n    format %(asctime)s %(message)s\n  </logfile>\n`,
	)
	.join('')}</eventlog>
`,
);

const committer = `
import transaction, ZEO
connection = ZEO.DB(('127.0.0.1', 8123), storage='main', wait_timeout=60).open()
number = 0
while True:
    number += 1
    connection.root()['number'] = number
    transaction.commit()
`;

/** What stands around the first line that is not the same. */
const firstDifference = (one: readonly string[], other: readonly string[]): unknown => {
	const length = Math.max(one.length, other.length);
	const index = Array.from({length}).findIndex((_, number) => one[number] !== other[number]);
	const around = (lines: readonly string[]) => lines.slice(Math.max(0, index - 2), index + 3);
	return index === -1 ? undefined : {index, of: length, one: around(one), other: around(other)};
};

const recordsOf = (text: string): readonly string[] =>
	// What a signal handler logs while it interrupts the writing of a line is dropped by Python.
	text.split('\n').filter(line => /^\d{4}-\d\d-\d\dT(?!.*Log files reopened)/.test(line));

test('logs that logrotate moves away ten times keep every line of a server under load', async (t, box) => {
	t.timeout(400_000);
	if (testPython(t) === undefined) return;
	await prepare(box, server);
	await box.write('/srv/app/etc/app-zeo.conf', loudConf);
	await box.run([...zeoctl, 'install', '--group', 'zeo']);
	await box.write('/opt/committer.py', committer);
	await box.run(['systemd-run', '--unit=load', '/opt/python/bin/python', '/opt/committer.py']);
	const log = '/srv/app/log/zeo.log';
	const kept: string[] = [];
	for (let round = 0; round < 10; round += 1) {
		await waitFor('lines of commits', async () => {
			const {stdout} = await box.attempt(['grep', '-c', '^20', log]);
			return Number(stdout) > 50;
		});
		await box.run(['logrotate', '--force', '/etc/logrotate.d/zeo-app']);
		// The server has left the old one when it has made the new one.
		await waitFor(
			'a log that was reopened',
			async () => (await box.attempt(['test', '-e', log])).exitCode === 0,
		);
		kept.push(await box.run(['cat', `${log}.1`]));
	}
	await box.run(['systemctl', 'stop', 'load', 'zeo-app']);
	const rotated = recordsOf([...kept, await box.run(['cat', log])].join('\n'));
	const transcript = await box.run(['cat', '/srv/app/log/out.log']);
	const witness = recordsOf(transcript);
	t.true(rotated.length > 200);
	// Where the handler came between the choice of the file and the write, Python has lost that line, and says so.
	const lost = transcript.match(/^--- Logging error ---$/gm)?.length ?? 0;
	if (lost === 0) t.is(firstDifference(rotated, witness), undefined);
	else t.true(Math.abs(rotated.length - witness.length) <= lost, transcript);
	// Eight old files are kept, all but the youngest compressed.
	t.is(await box.run(['sh', '-c', `ls ${log}.* | wc -l; ls ${log}.*.gz | wc -l`]), '8\n7');
	await box.run([...zeoctl, 'uninstall']);
});

test('a file of somebody else is not touched', async (t, box) => {
	await prepare(box, 'sleep 1000');
	await box.write('/etc/logrotate.d/zeo-app', '# mine\n');
	const {exitCode, stderr} = await box.attempt([...zeoctl, 'install']);
	t.is(exitCode, 2);
	t.regex(stderr, /was not made for this conf/);
	t.is(await box.run(['cat', '/etc/logrotate.d/zeo-app']), '# mine');
	await box.run(['rm', '/etc/logrotate.d/zeo-app']);
});

test('a file that was changed by hand is replaced by nobody who was not asked', async (t, box) => {
	t.timeout(400_000);
	await prepare(box, '/bin/sleep 1000');
	const install = (...words: readonly string[]) => box.attempt([...zeoctl, 'install', ...words]);
	t.is((await install()).exitCode, 0);
	const unit = '/etc/systemd/system/zeo-app.service';
	await box.run(['sed', '-i', 's,^LimitNOFILE=.*,LimitNOFILE=1000,', unit]);
	const changed = await box.run(['cat', unit]);

	const again = await install();
	t.is(again.exitCode, 0, again.stderr);
	t.regex(
		again.stdout,
		/^keep \/etc\/systemd\/system\/zeo-app\.service, which was changed by hand$/m,
	);
	t.is(await box.run(['cat', unit]), changed);
	t.regex(
		(await box.attempt([...zeoctl, 'generate', 'systemd', '--check'])).stdout,
		/^\/etc\/systemd\/system\/zeo-app\.service: edited$/m,
	);

	await box.run(['sed', '-i', 's,^  user zeoadm,  user zeoadm\\n  stop-timeout 200,', conf]);
	const refused = await install();
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /^-LimitNOFILE=1000$/m);
	t.regex(refused.stderr, /^\+LimitNOFILE=65536$/m);
	t.regex(refused.stderr, /changed by hand; nothing was written/);
	t.is(await box.run(['cat', unit]), changed);
	const dry = await install('--dry-run');
	t.is(dry.exitCode, 0);
	t.regex(dry.stderr, /^-LimitNOFILE=1000$/m);
	t.is(await box.run(['cat', unit]), changed);

	const onTerminal = path.join(projectRoot, 'test/fixtures/reference/answer-on-terminal.py');
	const asked = async (answer: string) => {
		const steps = JSON.stringify([['Replace', answer]]);
		return JSON.parse(await box.run(['python3', onTerminal, steps, ...zeoctl, 'install']));
	};
	t.like(await asked('n'), {exitCode: 0, left: 0});
	t.is(await box.run(['cat', unit]), changed);
	t.like(await asked('y'), {exitCode: 0, left: 0});
	t.regex(await box.run(['cat', unit]), /^LimitNOFILE=65536$/m);

	await box.run(['sed', '-i', 's,^LimitNOFILE=.*,LimitNOFILE=1000,', unit]);
	t.is((await install('--replace')).exitCode, 0);
	t.regex(await box.run(['cat', unit]), /^LimitNOFILE=65536$/m);
	await box.run([...zeoctl, 'uninstall']);
});

test('programs that others could exchange are not installed', async (t, box) => {
	await prepare(box, 'sleep 1000');
	await box.run(['chmod', '777', '/opt/zeoctl/dist']);
	const {exitCode, stderr} = await box.attempt([...zeoctl, 'install']);
	t.is(exitCode, 4);
	t.regex(stderr, /cannot trust the folder '\/opt\/zeoctl\/dist'/);
});

test('a dry run does nothing', async (t, box) => {
	await prepare(box, 'sleep 1000');
	const before = await snapshot(box);
	t.regex(
		await box.run([...zeoctl, 'install', '--dry-run']),
		/^write \/etc\/systemd\/system\/zeo-app\.service$/m,
	);
	t.deepEqual(difference(before, await snapshot(box)), []);
});
