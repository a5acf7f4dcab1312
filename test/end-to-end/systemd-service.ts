import {boxedService, boxPython, pythonFolder} from '../helpers/boxed-service.js';
import {useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox([pythonFolder]);

testInBox(
	'a service is up when its server answers, and says before that it does not',
	async (t, box) => {
		const gate = '/srv/gated/open';
		const program = '/srv/gated/runzeo';
		await box.write(
			program,
			`#!/bin/sh\nwhile [ ! -e ${gate} ]; do sleep 0.1; done\nexec ${boxPython} -m ZEO.runzeo "$@"\n`,
			'0755',
		);
		const service = await boxedService(t, box, {port: 8101, serve: [program]});
		if (service === undefined) return;
		await box.run(['systemctl', 'start', '--no-block', service.unit]);
		await waitFor('a server that does not answer yet', async () =>
			/^starting, pid \d+, does not answer yet/.test(await service.show('StatusText')),
		);
		t.is(await service.show('ActiveState'), 'activating');
		await box.run(['touch', gate]);
		const {server} = await service.settled();
		t.is(await service.show('StatusText'), `running, pid ${server}`);
		await service.commit('here');
		t.is(await service.read(), 'here');
	},
);

testInBox('systemctl stops a service in order, and its index is saved', async (t, box) => {
	const service = await boxedService(t, box, {port: 8102});
	if (service === undefined) return;
	await service.start();
	await service.commit('kept');
	await box.run(['systemctl', 'stop', service.unit]);
	t.is(await service.show('ActiveState'), 'inactive');
	t.is(await service.show('Result'), 'success');
	await box.run(['test', '-e', `${service.folder}/Data.fs.index`]);
	t.regex(await service.journal(), /terminated by SIGTERM/);
	await box.run(['systemctl', 'start', service.unit]);
	t.is(await service.read(), 'kept');
});

testInBox(
	'zeoctl stop ends the service for systemd, too, and zeoctl restart does not',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8103});
		if (service === undefined) return;
		await service.start();
		const before = await service.settled();
		const restarted = await service.zeoctl('restart');
		t.is(restarted.exitCode, 0, restarted.stdout + restarted.stderr);
		const {main} = await service.settled({server: before.server});
		t.is(main, before.main);
		t.is((await service.zeoctl('stop')).exitCode, 0);
		await waitFor(
			'systemd to see the end',
			async () => (await service.show('ActiveState')) === 'inactive',
		);
		t.is(await service.show('Result'), 'success');
		t.is(await service.show('NRestarts'), '0');
	},
);

testInBox(
	'the journal has the lines of the server, and ours with their priority',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8104});
		if (service === undefined) return;
		await service.start();
		const {server} = await service.settled();
		t.regex(await service.journal('-p', 'info'), /ZEO\.asyncio\.server listening on/);
		await box.run(['kill', '-KILL', String(server)]);
		await service.settled({server});
		const entries = await service.journal('-o', 'json', '--output-fields=MESSAGE,PRIORITY,_PID');
		const ours = entries
			.split('\n')
			.map(line => JSON.parse(line))
			.filter(({MESSAGE}) => /terminated by SIGKILL/.test(MESSAGE));
		t.true(ours.length > 0, entries);
		t.true(ours.every(({PRIORITY}) => PRIORITY === '6'));
		t.true(ours.every(({MESSAGE}) => !MESSAGE.startsWith('<')));
	},
);

testInBox('the descriptor of systemd does not reach the server', async (t, box) => {
	const service = await boxedService(t, box, {port: 8105});
	if (service === undefined) return;
	await service.start();
	const {main, server} = await service.settled();
	const socketsOf = async (pid: number, descriptor: string) =>
		(await box.run(['sh', '-c', `readlink /proc/${pid}/fd/${descriptor}`])).split('\n');
	const environment = (await box.run(['cat', `/proc/${main}/environ`])).split('\0');
	const descriptor = environment.find(each => each.startsWith('ZEOCTL_NOTIFY='))?.slice(14);
	const [channel] = await socketsOf(main, descriptor ?? '');
	t.regex(channel ?? '', /^socket:/);
	t.false((await socketsOf(server, '*')).includes(channel ?? ''));
	const inherited = await box.run(['cat', `/proc/${server}/environ`]);
	t.notRegex(inherited, /NOTIFY|WATCHDOG/);
});

testInBox('a reload gives the service to a new supervisor, and systemd follows', async (t, box) => {
	const service = await boxedService(t, box, {port: 8107, service: 'WatchdogSec=20s'});
	if (service === undefined) return;
	await service.start();
	await service.commit('kept');
	const before = await service.settled();
	await box.run(['systemctl', 'reload', service.unit]);
	const after = await service.settled({main: before.main});
	t.is(after.server, before.server);
	t.is(await service.show('NRestarts'), '0');
	t.is(await service.read(), 'kept');
	// The new supervisor is one in every respect: systemd sees its end, and listens to it.
	await box.run(['kill', '-KILL', String(after.server)]);
	const {main} = await service.settled({server: after.server});
	t.is(main, after.main);
	t.regex(await service.show('StatusText'), /^running, pid \d+$/);
	await box.run(['kill', '-KILL', String(main)]);
	await service.settled({main});
	t.is(await service.show('NRestarts'), '1');
	t.is(await service.read(), 'kept');
});

testInBox(
	'without perl and python3 a service tells by systemd-notify how it is',
	async (t, box) => {
		t.timeout(400_000);
		const hidden = '/usr/bin/perl /usr/bin/python3*';
		await box.run(['sh', '-ec', `mkdir -p /opt/hidden && mv ${hidden} /opt/hidden/`]);
		try {
			const service = await boxedService(t, box, {port: 8108, service: 'WatchdogSec=10s'});
			if (service === undefined) return;
			t.is(await service.show('NotifyAccess'), 'all');
			await service.start();
			const before = await service.settled();
			t.is(await service.show('StatusText'), `running, pid ${before.server}`);
			await service.commit('kept');
			await box.run(['systemctl', 'reload', service.unit]);
			const after = await service.settled({main: before.main});
			t.is(after.server, before.server);
			// Two beats of the watchdog that nobody would have missed: only time can show that they come.
			await box.run(['sleep', '12']);
			t.deepEqual(await service.settled(), after);
			t.is(await service.show('NRestarts'), '0');
			const inherited = await box.run(['cat', `/proc/${after.server}/environ`]);
			t.notRegex(inherited, /NOTIFY|WATCHDOG/);
			await box.run(['systemctl', 'stop', service.unit]);
			t.is(await service.show('Result'), 'success');

			const own = `/etc/systemd/system/${service.unit}.d/own.conf`;
			await box.write(own, '[Service]\nNotifyAccess=main\n');
			await box.run(['systemctl', 'daemon-reload']);
			t.not((await box.attempt(['systemctl', 'start', service.unit])).exitCode, 0);
			t.is(await service.show('ExecMainStatus'), '1');
			t.regex(
				await service.journal(),
				/systemd-notify needs NotifyAccess=all in zeo-test-8108\.service/,
			);
		} finally {
			await box.run(['sh', '-c', 'mv /opt/hidden/* /usr/bin/']);
		}
	},
);

testInBox('the journal does not hear of mail as long as none waits', async (t, box) => {
	const mail = 'mail-zeo-test-8109.service';
	const service = await boxedService(t, box, {
		port: 8109,
		sections: '<mail>\n  to ops@example.org\n  server localhost\n  port 1\n</mail>',
	});
	if (service === undefined) return;
	const said = () => box.run(['journalctl', '--no-pager', '-q', '-o', 'cat', '-u', mail]);
	await box.run(['systemctl', 'start', mail]);
	t.is(await said(), '');
	// A message that cannot be read is a fault, and heard of.
	const outbox = `${service.folder}/.control.d/outbox`;
	await box.write(`${outbox}/1.json`, 'torn');
	await box.run(['chown', '-R', 'zodb:', `${service.folder}/.control.d`]);
	await box.attempt(['systemctl', 'start', mail]);
	t.not(await said(), '');
});

testInBox('after a reboot an enabled service is up again with its data', async (t, box) => {
	const service = await boxedService(t, box, {port: 8106});
	if (service === undefined) return;
	await box.run(['systemctl', 'enable', '--now', service.unit]);
	await service.commit('survives');
	await box.reboot();
	await service.settled();
	t.is(await service.read(), 'survives');
	t.notRegex(await service.journal('-b', '-1'), /Killing|timed out/);
});
