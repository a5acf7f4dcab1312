import {renameSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {packStorage} from '../../src/pack/job.js';
import type {JobPorts} from '../../src/pack/job-ports.js';
import type {PackProgress} from '../../src/pack/target.js';
import {fileStorage} from '../../src/storage/zeo.js';
import {openClient} from '../../src/zeo/client.js';
import {type FakeServer, infoBody, openFakeServer} from '../helpers/fake-pack-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

type Scene = {
	/** What happens while the server packs; then it answers, or not. */
	readonly onPack: (scene: {readonly data: string; readonly server: FakeServer}) => void;
	readonly answers?: boolean;
	readonly ports?: Partial<JobPorts>;
	readonly isRemote?: boolean;
	readonly size?: () => bigint;
	readonly signal?: AbortSignal;
};

const scene = async (t: ExecutionContext, {onPack, answers = true, ...more}: Scene) => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(data, 'FS30');
	truncateSync(data, 1000);
	const alarms: string[] = [];
	const recorded: string[] = [];
	const progress: PackProgress[] = [];
	const server = await openFakeServer(t, {
		answer({method, id}) {
			if (method === 'get_info' && more.size) return {body: infoBody(id, 10, more.size())};
			if (method !== 'pack') return undefined;
			onPack({data, server});
			return answers ? undefined : 'nothing';
		},
	});
	const ports: JobPorts = {
		now: () => Date.now() / 1000,
		wait: (ms, signal) => sleep(ms, undefined, {signal}).catch(() => Promise.reject(signal.reason)),
		kind: fileStorage,
		open: ({storage}, options) =>
			openClient({address: server, storage, timeoutMs: 20_000, ...options}),
		ask: async () => ({answers: true, start: 'Mon'}),
		freeBytes: async () => 10_000,
		blobCopies: async () => undefined,
		findWriter: () => undefined,
		findReader: () => undefined,
		isHeld: () => true,
		readLog: () => '',
		recordDatabase: async storage => {
			recorded.push(storage);
			return [];
		},
		repair: () => 'mv',
		lastPack: () => undefined,
		alarm: (_, text) => void alarms.push(text),
		renderBytes: bytes => `${bytes} B`,
		command: (...words) => `zeoctl ${words.join(' ')}`,
		diskFloor: 0,
		limits: {lookMs: 5, askMs: 5, muteMs: 60_000, fateMs: 50},
		...more.ports,
	};
	const target = {
		...{storage: 'main', address: 'here', margin: 10, readOnly: false},
		limit: {days: 0, timeOfDay: undefined},
		files: more.isRemote ? undefined : {dataPath: data, blobDirectory: undefined},
	};
	const {signal = new AbortController().signal} = more;
	const job = packStorage(
		target,
		{run: 'r', signal, onProgress: each => void progress.push(each)},
		ports,
	);
	return {job, alarms, recorded, progress, server};
};

/** What ZODB does at the end. */
const replace = (data: string): void => {
	writeFileSync(`${data}.pack`, 'FS30');
	truncateSync(`${data}.pack`, 400);
	renameSync(data, `${data}.old`);
	renameSync(`${data}.pack`, data);
};

test('a data file that was replaced was packed, and the guard knows', async t => {
	const {job, recorded} = await scene(t, {onPack: ({data}) => replace(data)});
	t.like(await job, {
		outcome: 'packed',
		before: {size: 1000, objects: 730, old: null},
		after: {size: 400, old: 1000, freeDisk: 10_000},
		warnings: [],
	});
	t.deepEqual(recorded, ['main']);
});

test('sizes beyond 2 GiB of a server elsewhere are recorded as they are', async t => {
	let size = 7_000_000_000n;
	const {job} = await scene(t, {
		isRemote: true,
		size: () => size,
		onPack: () => {
			size = 3_000_000_000n;
		},
	});
	t.like(await job, {
		outcome: 'packed',
		before: {size: 7_000_000_000},
		after: {size: 3_000_000_000},
	});
});

test('a disk that fills while the server packs is an alarm, once', async t => {
	let free = 10_000;
	const {job, alarms, progress, server} = await scene(t, {
		onPack: () => {
			free = 10;
		},
		answers: false,
		ports: {freeBytes: async () => free, diskFloor: 100},
	});
	await waitFor('an alarm', () => alarms.length > 0);
	await waitFor('further looks', () => progress.filter(({alarm}) => alarm === null).length > 3);
	server.hangUp();
	const {warnings} = await job;
	t.is(alarms.length, 1);
	t.deepEqual(warnings, alarms);
	t.regex(alarms[0] ?? '', /leaves 10 B .*less than the disk-floor of 100 B; it cannot be stopped/);
});

test('a lost connection whose pack was done is a packed storage', async t => {
	const {job, recorded} = await scene(t, {
		answers: false,
		onPack({data, server}) {
			replace(data);
			server.hangUp();
		},
	});
	const record = await job;
	t.like(record, {outcome: 'packed', after: {size: 400}});
	t.regex(record.reason ?? '', /closed the connection, but the data file was replaced/);
	t.deepEqual(recorded, ['main']);
});

test('a lost connection to a server that is well is not known, after a while', async t => {
	const {job, recorded} = await scene(t, {answers: false, onPack: ({server}) => server.hangUp()});
	const record = await job;
	t.like(record, {outcome: 'unknown', advice: 'zeoctl status'});
	t.regex(
		record.reason ?? '',
		/closed the connection; the server answers, and may still be packing/,
	);
	t.deepEqual(recorded, []);
});

test('a server that falls silent is given up after its time, and is still not known', async t => {
	let asked = 0;
	const {job} = await scene(t, {
		answers: false,
		onPack: () => undefined,
		ports: {
			ask: async (_, signal) => {
				signal.throwIfAborted();
				return asked++ === 0 ? {answers: true, start: 'Mon'} : {answers: false, reason: 'mute'};
			},
			limits: {lookMs: 5, askMs: 5, muteMs: 50, fateMs: 50},
		},
	});
	const record = await job;
	t.is(record.outcome, 'unknown');
	t.regex(
		record.reason ?? '',
		/does not answer; the server does not answer, but still has its files open/,
	);
});

test('an interruption while the server packs is told as one', async t => {
	const ending = new AbortController();
	const {job} = await scene(t, {
		answers: false,
		signal: ending.signal,
		onPack: () => void setImmediate(() => ending.abort('SIGINT')),
	});
	const record = await job;
	t.like(record, {outcome: 'unknown', after: null});
	t.regex(record.reason ?? '', /^interrupted by SIGINT: the server goes on/);
});

test('a storage that something is against is not asked of the server', async t => {
	const {job, server} = await scene(t, {
		onPack: () => undefined,
		ports: {freeBytes: async () => 1099},
	});
	t.like(await job, {outcome: 'skipped', advice: 'free 1 B there', packTime: null, after: null});
	t.false(server.calls.some(({method}) => method === 'pack'));
});

test('the copy is watched as it grows', async t => {
	const {job, progress, server} = await scene(t, {
		answers: false,
		onPack({data}) {
			writeFileSync(`${data}.pack`, 'FS30');
			t.is(statSync(`${data}.pack`).size, 4);
		},
	});
	await waitFor('a look', () => progress.some(({copied}) => copied === 4));
	t.true(progress.every(({storage, secondsLeft}) => storage === 'main' && secondsLeft === null));
	server.hangUp();
	await job;
});
