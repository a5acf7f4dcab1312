import test from 'ava';
import type {Contact} from '../../src/control/session.js';
import {fakeSession, reached, run} from '../helpers/fake-system.js';
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

test('a supervisor that is a service of systemd', async t => {
	const shown = async (enabled: boolean) => {
		const contact = reached(fakeSession(runningStatus()));
		const findUnit = (pid: number) =>
			pid === 100 ? {name: 'zeo-main.service', enabled} : undefined;
		const {stdout} = await run(['status'], {contact, terminal: true, findUnit});
		return stdout;
	};
	t.regex(await shown(true), /zeo-main\.service, starts at boot/);
	t.regex(await shown(false), /does not start at boot; systemctl enable zeo-main\.service/);
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
