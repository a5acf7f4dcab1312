import type {ExecutionContext} from 'ava';
import {
	type BoxedService,
	boxedService,
	boxPython,
	pythonFolder,
} from '../helpers/boxed-service.js';
import {type Box, useSystemdBox} from '../helpers/systemd-box.js';
import {waitFor} from '../helpers/wait-for.js';

const testInBox = useSystemdBox([pythonFolder]);

const supervisors = async (box: Box, {conf}: BoxedService): Promise<number> =>
	Number((await box.attempt(['pgrep', '-fc', `zeoctl.cjs .*${conf}.* supervise`])).stdout);

const isActive = async (t: ExecutionContext, service: BoxedService): Promise<void> => {
	t.is(await service.show('ActiveState'), 'active');
	t.is(await supervisors(service.box, service), 1);
};

testInBox('start goes through systemd, stop ends the service for it, too', async (t, box) => {
	const service = await boxedService(t, box, {port: 8301});
	if (service === undefined) return;
	const started = await service.zeoctl('start');
	t.is(started.exitCode, 0, started.stderr);
	t.regex(started.stdout, /^(?:\. )*\ndaemon process started, pid=\d+$/);
	await isActive(t, service);
	const {main, server} = await service.settled();
	t.regex((await service.zeoctl('start')).stdout, /^daemon process already running; pid=\d+$/);
	t.is((await service.zeoctl('restart')).exitCode, 0);
	t.is((await service.settled({server})).main, main);

	t.is((await service.zeoctl('stop')).exitCode, 0);
	await waitFor('the end', async () => (await service.show('ActiveState')) === 'inactive');
	t.is(await service.show('Result'), 'success');
	t.is((await service.zeoctl('restart')).exitCode, 0);
	await isActive(t, service);
	await box.run(['systemctl', 'stop', service.unit]);
});

testInBox('who may not ask systemd is told what to type', async (t, box) => {
	const service = await boxedService(t, box, {port: 8302});
	if (service === undefined) return;
	for (const user of ['zodb', 'nobody']) {
		const words = ['runuser', '-u', user, '--', ...service.command, 'start'];
		const {exitCode, stderr} = await box.attempt(words);
		t.is(exitCode, 4, stderr);
		t.true(stderr.endsWith(`next: sudo systemctl start ${service.unit}`), stderr);
	}
	t.is(await supervisors(box, service), 0);
	t.is(await service.show('ActiveState'), 'inactive');
});

testInBox('nobody else becomes the supervisor of a service', async (t, box) => {
	const service = await boxedService(t, box, {port: 8303});
	if (service === undefined) return;
	const supervise = () =>
		box.attempt(['runuser', '-u', 'zodb', '--', ...service.command, 'supervise']);
	const refused = await supervise();
	t.is(refused.exitCode, 5);
	t.regex(refused.stderr, /next: sudo systemctl start zeo-test-8303\.service/);
	await service.start();
	const before = await service.settled();
	t.is((await supervise()).exitCode, 5);
	t.deepEqual(await service.settled(), before);
	await isActive(t, service);
});

testInBox('init scripts lead to the same service', async (t, box) => {
	const service = await boxedService(t, box, {port: 8304});
	if (service === undefined) return;
	await box.run([...service.command, 'generate', 'initd', '--to', service.folder]);
	const own = `${service.folder}/init.d/zeo-test-8304`;
	const installed = '/etc/init.d/zeo-test-8304';
	await box.run(['cp', own, installed]);
	for (const script of [own, installed]) {
		await box.run([script, 'start']);
		await isActive(t, service);
		const before = await service.settled();
		await box.run([script, 'start']);
		t.deepEqual(await service.settled(), before);
		t.is((await box.attempt([script, 'status'])).exitCode, 0);
		await box.run([script, 'restart']);
		await service.settled({server: before.server});
		await isActive(t, service);
		await box.run([script, 'stop']);
		await waitFor('the end', async () => (await service.show('ActiveState')) === 'inactive');
		t.is((await box.attempt([script, 'status'])).exitCode, 3);
	}
	await box.run(['rm', installed]);
	await box.run(['systemctl', 'daemon-reload']);
});

testInBox('status shows a service beside which somebody has started a server', async (t, box) => {
	const service = await boxedService(t, box, {port: 8305});
	if (service === undefined) return;
	const file = `/etc/systemd/system/${service.unit}`;
	await box.run(['mv', file, `${service.folder}/kept`]);
	t.is((await service.zeoctl('start')).exitCode, 0);
	const {unit: none} = await service.status();
	t.is(none, null);
	await box.run(['mv', `${service.folder}/kept`, file]);
	await box.run(['systemctl', 'daemon-reload']);
	const {unit, pid} = await service.status();
	const view = {
		name: service.unit,
		enabled: false,
		load: 'loaded',
		active: 'inactive',
		sub: 'dead',
	};
	t.deepEqual(unit, {...view, owns: false});
	t.is((await service.zeoctl('start')).stdout, `daemon process already running; pid=${pid}`);

	const install = await service.zeoctl('install');
	t.is(install.exitCode, 1, install.stdout);
	t.regex(
		install.stderr,
		/the program was started without it and runs \(pid \d+\)\nnext: \/opt\/zeoctl\/dist\/zeoctl\.cjs -C .* stop/,
	);

	t.is((await service.zeoctl('stop')).exitCode, 0);
	t.is((await service.zeoctl('start')).exitCode, 0);
	await box.run(['systemctl', 'enable', service.unit]);
	const both = {...view, enabled: true, active: 'active', sub: 'running', owns: true};
	t.deepEqual((await service.status())['unit'], both);
	t.is((await service.zeoctl('stop')).exitCode, 0);
	await box.run(['systemctl', 'disable', service.unit]);
});

testInBox(
	'a stop lasts, also when systemd was about to start the service again',
	async (t, box) => {
		const service = await boxedService(t, box, {port: 8306, service: 'RestartSec=10min'});
		if (service === undefined) return;
		await service.start();
		const {main} = await service.settled();
		await box.run(['kill', '-KILL', String(main)]);
		await waitFor('a pause', async () => (await service.show('SubState')) === 'auto-restart');
		const denied = await box.attempt(['runuser', '-u', 'zodb', '--', ...service.command, 'stop']);
		t.is(denied.exitCode, 4);
		t.regex(denied.stderr, /next: sudo systemctl stop zeo-test-8306\.service/);
		t.is((await service.zeoctl('stop')).exitCode, 0);
		t.regex(await service.show('ActiveState'), /^(?:inactive|failed)$/);
	},
);

testInBox('a service that is stopped before it is up stays down', async (t, box) => {
	const program = '/opt/never';
	await box.write(program, '#!/bin/sh\nexec sleep 1000\n', '0755');
	const service = await boxedService(t, box, {
		port: 8307,
		serve: [program],
		sections: '<health>\n</health>',
	});
	if (service === undefined) return;
	await box.run(['systemctl', 'start', '--no-block', service.unit]);
	await waitFor('a server that does not answer', async () =>
		/^starting, pid \d+/.test(await service.show('StatusText')),
	);
	t.is((await service.zeoctl('stop')).exitCode, 0);
	await waitFor('the end', async () => (await service.show('ActiveState')) === 'inactive');
	t.is(await service.show('Result'), 'success');
	t.is(await service.show('NRestarts'), '0');
});

testInBox('a program that cannot be run is not tried again and again', async (t, box) => {
	const service = await boxedService(t, box, {port: 8308, runner: 'backoff-limit 2'});
	if (service === undefined) return;
	const failing = async (program: string) => {
		await box.run(['sed', '-i', `s,^  program .*,  program ${program},`, service.conf]);
		const {exitCode, stderr} = await service.zeoctl('start');
		t.is(exitCode, 1);
		t.is(await service.show('ActiveState'), 'failed');
		t.is(await service.show('ExecMainStatus'), '1');
		t.is(await service.show('NRestarts'), '0');
		return stderr;
	};
	t.regex(
		await failing('/nowhere/python -m ZEO.runzeo'),
		/cannot start zeo-test-8308\.service: .*\/nowhere\/python/,
	);
	t.regex(await failing('/bin/false'), /cannot start zeo-test-8308\.service/);
	await box.run([
		'sed',
		'-i',
		`s,^  program .*,  program ${boxPython} -m ZEO.runzeo -C ${service.folder}/server.conf,`,
		service.conf,
	]);
	t.is((await service.zeoctl('start')).exitCode, 0);
	await isActive(t, service);
});

testInBox('an older unit that calls start itself is left in peace', async (t, box) => {
	const service = await boxedService(t, box, {port: 8309, isBare: true});
	if (service === undefined) return;
	const call = (verb: string): string => `${service.command.join(' ')} ${verb}`;
	await box.write(
		`/etc/systemd/system/${service.unit}`,
		`[Service]\nType=forking\nUser=zodb\nExecStart=${call('start')}\nExecStop=${call('stop')}\n`,
	);
	await box.run(['systemctl', 'daemon-reload']);
	t.is((await service.zeoctl('start')).exitCode, 0);
	await service.settled();
	t.is(await service.show('ActiveState'), 'active');
	t.like((await service.status())['unit'], {name: service.unit, owns: true});
	await box.run(['systemctl', 'stop', service.unit]);
	t.is((await service.status()).pid, null);
});
