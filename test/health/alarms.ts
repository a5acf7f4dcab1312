import test from 'ava';
import {findServerAlarms} from '../../src/health/alarms.js';
import type {ProbeResult} from '../../src/health/probe.js';
import type {HealthSettings, ServerSettings} from '../../src/settings/settings.js';
import {parseHealthDocument} from '../../src/zeo/health-document.js';

const now = 1_800_000_000;

const settings: HealthSettings = {
	interval: 20,
	timeLimit: 10,
	failures: 3,
	action: 'restart',
	diskFloor: 1024 ** 3,
	inodeFloor: 5,
	commitLockAlarm: 60,
};

const server = (zeo: Partial<ServerSettings['zeo']> = {}): ServerSettings => ({
	confPath: '/srv/zeo.conf',
	zeo: {
		address: {family: 'inet', host: '', port: 8100},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: {certificate: '/srv/server.pem', key: undefined, authenticate: '/srv/clients.pem'},
		...zeo,
	},
	storages: [
		{
			name: 'main',
			type: 'filestorage',
			path: '/srv/Data.fs',
			blobDirectory: undefined,
			readOnly: false,
			create: false,
		},
	],
	hasEventLog: false,
});

const fields = {lock_time: null, waiting: 0, 'last-transaction': '040d32514ee07abb'};

/** What ZEO's answer for `main`, with these fields, is an alarm of. */
const alarmsOf = (different: object, zeo?: Partial<ServerSettings['zeo']>) => {
	const storages = parseHealthDocument(JSON.stringify({main: {...fields, ...different}}));
	const probe: ProbeResult = {probe: 'ready', storages};
	return findServerAlarms({probe, server: server(zeo), settings, now});
};

test('a server that is well has no alarms', t => {
	t.deepEqual(alarmsOf({}), []);
	t.deepEqual(alarmsOf({lock_time: now - 59, waiting: 3, 'timeout-thread-is-alive': true}), []);
	t.deepEqual(alarmsOf({'timeout-thread-is-alive': 'stub'}), []);
});

test('a commit lock that is held for too long is an alarm from when it was taken', t => {
	const [alarm, ...others] = alarmsOf({lock_time: now - 60.5});
	t.deepEqual(others, []);
	t.like(alarm, {
		alarm: 'commit-lock',
		level: 'alarm',
		since: now - 60.5,
		text: "a client holds the commit lock of storage 'main'",
		advice:
			'find and end that client; with a transaction-timeout in <zeo> the server does it itself',
	});
});

test('with a transaction-timeout the advice is another', t => {
	const [alarm] = alarmsOf({lock_time: now - 100}, {transactionTimeout: 30});
	t.true(alarm?.advice?.startsWith('transaction-timeout (30 s) should end that'));
});

test('more than three clients that wait are an alarm', t => {
	t.like(alarmsOf({waiting: 4})[0], {alarm: 'waiting', level: 'alarm'});
});

test('a dead time-out thread is an alarm', t => {
	t.like(alarmsOf({'timeout-thread-is-alive': false})[0], {alarm: 'timeout-thread'});
});

test('an empty storage is worth a notice', t => {
	t.like(alarmsOf({'last-transaction': '0'.repeat(16)})[0], {
		alarm: 'empty-storage',
		level: 'notice',
		text: "storage 'main' is empty",
	});
});

test('a missing storage is an alarm, another trouble is none: the verdict tells it', t => {
	const probe = {probe: 'unready', problem: 'missing-storage', reason: 'no main'} as const;
	const find = (probe: ProbeResult) => findServerAlarms({probe, server: server(), settings, now});
	t.like(find(probe)[0], {alarm: 'missing-storage', text: 'no main'});
	t.deepEqual(find({...probe, problem: 'mute'}), []);
	t.deepEqual(find({probe: 'absent', problem: 'down', reason: 'nobody'}), []);
});

const overTls = (found: Partial<Extract<ProbeResult, {probe: 'ready'}>>) =>
	findServerAlarms({
		probe: {probe: 'ready', storages: undefined, ...found},
		server: server(),
		settings,
		now,
	}).map(({alarm, level, text}) => ({alarm, level, text}));

test('a refused certificate is an alarm, with the reason', t => {
	t.deepEqual(overTls({refusal: 'refused'}), [
		{alarm: 'tls-refused', level: 'alarm', text: 'refused'},
	]);
});

test('a server that uses another certificate than the file holds is worth a notice', t => {
	const certificate = {isConfigured: false, expiresAt: now + 90 * 86_400};
	t.deepEqual(overTls({certificate}), [
		{
			alarm: 'certificate-changed',
			level: 'notice',
			text: 'the server uses another certificate than /srv/server.pem holds',
		},
	]);
});

for (const [days, verb, date] of [
	[13, 'expires', '2027-01-28'],
	[-1, 'expired', '2027-01-14'],
] as const) {
	test(`a certificate that ${verb} (${days} days) is an alarm`, t => {
		const certificate = {isConfigured: true, expiresAt: now + days * 86_400};
		const text = `the certificate of the server ${verb} on ${date}`;
		t.deepEqual(overTls({certificate}), [{alarm: 'certificate-expires', level: 'alarm', text}]);
	});
}

test('a certificate that lasts is no alarm', t => {
	t.deepEqual(overTls({certificate: {isConfigured: true, expiresAt: now + 15 * 86_400}}), []);
});
