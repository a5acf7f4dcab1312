import test from 'ava';
import type {Alarm} from '../../src/control/messages.js';
import type {Contact} from '../../src/control/session.js';
import {fakeSession, reached, run, type Scene} from '../helpers/fake-system.js';
import {runningStatus} from '../helpers/statuses.js';

const lastExit = {
	at: 1_799_999_700,
	pid: 90,
	code: 3,
	signal: null,
	uptime: 12,
	expected: false,
	description: 'exit status 3',
};

const look = (contact: Contact) =>
	run(['status'], {
		contact,
		terminal: true,
		environment: {NO_COLOR: '1'},
		resolveServer: () => ({
			confPath: '/srv/zeo.conf',
			zeo: {
				address: {family: 'inet', host: '127.0.0.1', port: 8100},
				readOnly: false,
				transactionTimeout: undefined,
				pidFilename: undefined,
				tls: undefined,
			},
			storages: [
				{
					name: '1',
					type: 'filestorage',
					path: '/nowhere/Data.fs',
					blobDirectory: undefined,
					readOnly: false,
					create: false,
				},
			],
			hasEventLog: false,
		}),
	});

test.before(() => {
	process.env.TZ = 'UTC';
});

test('a program that runs', async t => {
	const status = runningStatus({restarts: 2, lastExit, since: 1_799_999_000});
	t.snapshot((await look(reached(fakeSession(status)))).stdout);
});

test('a database that was deleted under its server is not called new', async t => {
	const alarm: Alarm = {
		...{alarm: 'deleted-file', since: 1_799_999_000, advice: null},
		level: 'alarm',
		text: 'the file has been deleted',
	};
	const status = runningStatus({
		health: {
			...{verdict: 'ready', since: 0, reason: null, lastRestart: null},
			...{activities: [], alarms: [alarm]},
		},
	});
	const {stdout} = await look(reached(fakeSession(status)));
	t.regex(stdout, /\/nowhere\/Data\.fs {2}\(deleted\)/);
});

test('a supervisor that is a service of systemd', async t => {
	const shown = async (file: string, scene: Scene = {}) => {
		const contact = reached(fakeSession(runningStatus()));
		const unitOfProcess = (pid: number) => (pid === 100 ? 'zeo-main.service' : undefined);
		const properties = `LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=${file}\n`;
		const runTool = async () => ({exitCode: 0, stdout: properties, stderr: ''});
		const all = {contact, terminal: true, unitOfProcess, runTool, ...scene};
		return (await run(['status'], all)).stdout;
	};
	t.regex(await shown('enabled'), /zeo-main\.service is active \(running\), starts at boot/);
	t.regex(await shown('disabled'), /does not start at boot; systemctl enable zeo-main\.service/);
	t.notRegex(await shown('enabled', {ownUnit: 'zeo-main.service'}), /is not the service/);
	const stranger = await shown('enabled', {ownUnit: 'zeo-app.service'});
	t.regex(stranger, /zeo-app\.service is active/);
	t.regex(stranger, /is not the service: zeoctl stop, then systemctl start zeo-app\.service/);
});

test('a service that does not run, as systemd sees it', async t => {
	const runTool = async () => ({
		exitCode: 0,
		stdout: 'LoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\n',
		stderr: '',
	});
	const scene = {terminal: true, ownUnit: 'zeo-app.service', runTool};
	t.regex((await run(['status'], scene)).stdout, /zeo-app\.service is failed, starts at boot/);
	const masked = async () => ({exitCode: 0, stdout: 'LoadState=masked\n', stderr: ''});
	t.regex(
		(await run(['status'], {...scene, runTool: masked})).stdout,
		/zeo-app\.service is masked$/m,
	);
	const json = JSON.parse((await run(['status', '--json'], scene)).stdout);
	t.deepEqual(json.unit, {
		...{name: 'zeo-app.service', enabled: true, owns: false},
		...{load: 'loaded', active: 'failed', sub: 'failed'},
	});
	const mute = async () => ({exitCode: 127, stdout: '', stderr: ''});
	const unknown = JSON.parse((await run(['status', '--json'], {...scene, runTool: mute})).stdout);
	t.deepEqual(unknown.unit, {
		...{name: 'zeo-app.service', enabled: null, owns: false},
		...{load: null, active: null, sub: null},
	});
});

test('a program in back-off', async t => {
	const status = runningStatus({
		pid: null,
		state: 'backoff',
		delayUntil: 1_800_000_003,
		restarts: 2,
		lastExit,
	});
	t.snapshot((await look(reached(fakeSession(status)))).stdout);
});

test('a supervisor of another version, with another program', async t => {
	const status = runningStatus({version: '0.9.0', argv: ['runzeo\u001b[2J', '-C', 'x']});
	const {stdout} = await look(reached(fakeSession(status)));
	t.snapshot(stdout);
	t.notRegex(stdout, /\u001b/);
});

test('an old manager knows less', async t => {
	const status = runningStatus({version: null, since: null, restarts: null});
	t.snapshot((await look(reached({...fakeSession(status), protocol: 'text'}))).stdout);
});

test('nothing runs', async t => {
	t.snapshot((await look({contact: 'absent'})).stdout);
	t.regex((await look({contact: 'stale'})).stdout, /stale/);
});
