import type {ExecutionContext} from 'ava';
import {type BoxedService, boxedService, pythonFolder} from '../helpers/boxed-service.js';
import {type Box, type BoxResult, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox([pythonFolder]);

const isUp = (service: BoxedService): Promise<number> =>
	waitFor('a running server', async () => {
		const {pid, state} = await service.status();
		return state === 'running' && pid !== null ? pid : undefined;
	});

/** The verbs of an init script, as the LSB has them; `call` runs one of them. */
const checkVerbs = async (
	t: ExecutionContext,
	service: BoxedService,
	call: (verb: string) => Promise<BoxResult>,
): Promise<void> => {
	const works = async (verb: string): Promise<void> => {
		const {exitCode, stdout, stderr} = await call(verb);
		t.is(exitCode, 0, `${verb}: ${stdout}${stderr}`);
	};
	t.is((await call('status')).exitCode, 3);
	await works('start');
	await works('start');
	await works('status');
	await service.commit('kept');
	const first = await isUp(service);
	await works('force-reload');
	t.is(await isUp(service), first);
	await works('restart');
	t.not(await isUp(service), first);
	t.is(await service.read(), 'kept');
	await works('stop');
	await works('stop');
	t.is((await call('status')).exitCode, 3);
};

testInBox(
	'an init script is a service of a machine that systemd runs, also after a boot',
	async (t, box) => {
		t.timeout(400_000);
		const service = await boxedService(t, box, {port: 8401, isBare: true});
		if (service === undefined) return;
		await service.generate('initd', '/etc/init.d/');
		await box.run(['update-rc.d', 'zeo-test-8401', 'defaults']);
		await box.run(['systemctl', 'daemon-reload']);
		await checkVerbs(t, service, verb => box.attempt(['service', 'zeo-test-8401', verb]));

		await box.run(['service', 'zeo-test-8401', 'start']);
		await box.reboot();
		await isUp(service);
		t.is(await service.read(), 'kept');
		t.is((await box.attempt(['service', 'zeo-test-8401', 'status'])).exitCode, 0);
		await box.run(['service', 'zeo-test-8401', 'stop']);
		await box.run(['update-rc.d', '-f', 'zeo-test-8401', 'remove']);
		await box.run(['rm', '/etc/init.d/zeo-test-8401']);
	},
);

testInBox(
	'where systemd has only the init script it knows when the server is up, whoever stops it',
	async (t, box) => {
		t.timeout(400_000);
		const service = await boxedService(t, box, {
			...{port: 8403, isBare: true, runner: 'backoff-limit 2'},
		});
		if (service === undefined) return;
		const name = 'zeo-test-8403';
		await service.generate('initd', '/etc/init.d/');
		await box.run(['update-rc.d', name, 'defaults']);
		await box.run(['systemctl', 'daemon-reload']);
		const has = (state: string): Promise<boolean> =>
			waitFor(
				`a service that is ${state}`,
				async () => (await service.show('ActiveState')) === state,
			);
		const begin = async (): Promise<void> => {
			const {exitCode, stderr} = await box.attempt(['service', name, 'start']);
			if (exitCode !== 0) throw new Error(`${stderr}\n${await service.journal()}`);
		};
		const works = async (...words: readonly string[]): Promise<void> => {
			const {exitCode, stdout, stderr} = await service.zeoctl(...words);
			t.is(exitCode, 0, `${words}: ${stdout}${stderr}`);
		};

		await begin();
		await service.commit('kept');
		await works('stop');
		await has('inactive');
		await begin();
		await isUp(service);
		await works('stop');
		await works('start');
		await has('active');
		t.like((await service.status())['unit'], {name: service.unit, owns: true});

		const before = await service.settled();
		await works('reload');
		const after = await service.settled({main: before.main});
		t.is(after.server, before.server);
		await box.run(['service', name, 'stop']);
		t.is((await service.status()).pid, null);

		const denied = await box.attempt(['runuser', '-u', 'zodb', '--', ...service.command, 'start']);
		t.is(denied.exitCode, 4);
		t.regex(denied.stderr, /next: sudo systemctl start zeo-test-8403\.service/);

		await begin();
		const {main, server} = await service.settled();
		await box.run(['kill', '-KILL', String(main)]);
		await has('failed');
		await begin();
		t.is((await service.settled({main})).server, server);
		t.is(await service.read(), 'kept');
		await box.run(['service', name, 'stop']);
		await has('inactive');

		await box.run(['sed', '-i', 's,^  program .*,  program /bin/false,', service.conf]);
		// systemd counts the starts, too.
		await box.run(['systemctl', 'reset-failed', service.unit]);
		const failed = await service.zeoctl('start');
		t.is(failed.exitCode, 1);
		t.regex(failed.stderr, /cannot start zeo-test-8403\.service: .*exit status 1/);
		await box.run(['update-rc.d', '-f', name, 'remove']);
		await box.run(['rm', `/etc/init.d/${name}`]);
		await box.run(['systemctl', 'daemon-reload']);
	},
);

/** Runs a command as on a machine that systemd does not run: what tells so is hidden from it. */
const withoutSystemd = (box: Box, words: readonly string[]): Promise<BoxResult> =>
	box.attempt([
		...['unshare', '--mount', 'sh', '-c'],
		'mount -t tmpfs none /run/systemd && exec "$@"',
		...['sh', ...words],
	]);

const machine = (box: Box): Promise<string> =>
	box.run([
		...['sh', '-c'],
		`find /etc /var/spool/cron -xdev \\( -name '*-' -o -name '.#*' -o -name '*.lock' \\) -prune \\
			-o -printf '%p %y %m %U %l\\n' 2>/dev/null | sort
		sort /etc/passwd /etc/group`,
	]);

testInBox(
	'install makes a service of a machine without systemd, uninstall takes it away',
	async (t, box) => {
		t.timeout(400_000);
		const service = await boxedService(t, box, {
			port: 8402,
			isBare: true,
			sections: '<pack>\n</pack>',
		});
		if (service === undefined) return;
		const run = async (...words: readonly string[]): Promise<string> => {
			const {exitCode, stdout, stderr} = await withoutSystemd(box, words);
			t.is(exitCode, 0, `${words.join(' ')}: ${stdout}${stderr}`);
			return stdout;
		};
		await box.run([...['sh', '-ec', `cd ${service.folder} && mkdir var && chown -R root: .`]]);
		const change = 's,user zodb,user zeoadm,; s,/(control|Data.fs)$,/var/\\1,';
		await box.run(['sed', '-Ei', change, service.conf, `${service.folder}/server.conf`]);
		const before = await machine(box);
		const said = await run(...service.command, 'install', '--group', 'zeo');
		t.regex(said, /^run update-rc\.d zeo-test-8402 defaults$/m);
		t.notRegex(said, /systemctl/);
		await isUp(service);
		t.is(await box.run(['stat', '-c', '%U %G', `${service.folder}/var/Data.fs`]), 'zeoadm zeo');
		await box.run(['test', '-e', '/etc/cron.d/pack-zeo-test-8402']);
		const links = await box.run(['sh', '-c', 'ls /etc/rc?.d | grep -c zeo-test-8402']);
		t.is(links, '7');

		await run('service', 'zeo-test-8402', 'stop');
		const reload = await withoutSystemd(box, ['service', 'zeo-test-8402', 'force-reload']);
		t.is(reload.exitCode, 7);
		await checkVerbs(t, service, verb => withoutSystemd(box, ['service', 'zeo-test-8402', verb]));
		await run('service', 'zeo-test-8402', 'start');
		await run(...service.command, 'uninstall');
		t.is(await machine(box), before);
		t.not((await box.attempt(['pgrep', '-f', `ZEO.runzeo -C ${service.folder}/`])).exitCode, 0);
		await box.run(['test', '-s', `${service.folder}/var/Data.fs`]);
	},
);
