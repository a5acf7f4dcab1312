import {copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import type {Health} from '../../src/control/messages.js';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {type HistoryRecord, readHistory} from '../../src/history/history.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {bySize} from '../helpers/full-size.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand, startCommand, startZeoctl, zeoctl} from '../helpers/zeoctl.js';

type Found = {
	readonly state: string;
	readonly pid: number | null;
	readonly health: Health | null;
	readonly lastExit: {readonly description: string} | null;
	readonly readiness: string;
};

type Server = {
	readonly folder: string;
	readonly port: number;
	status(): Promise<Found>;
	history(): readonly HistoryRecord[];
};

const fast = 'interval 1s\ntime-limit 1s\nfailures 2\ndisk-floor 0\ninode-floor 0%';
const fixture = (name: string): string => path.join(projectRoot, 'test/fixtures', name);

/** A folder with a conf of a server on a port of its own; `runner` and `health` are added to it. */
const makeServer = async (
	t: ExecutionContext,
	{
		program,
		runner = '',
		health = fast,
		zeo = '',
	}: {
		readonly program: (folder: string, port: number) => string;
		readonly runner?: string;
		readonly health?: string;
		readonly zeo?: string;
	},
): Promise<Server> => {
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const server = `<zeo>\naddress 127.0.0.1:${port}\n${zeo}\n</zeo>\n<filestorage main>\npath ${folder}/Data.fs\n</filestorage>\n`;
	writeFileSync(path.join(folder, 'zeo.conf'), server);
	writeFileSync(
		path.join(folder, 'd.conf'),
		`${server}<runner>\nprogram ${program(folder, port)}\nsocket-name ${folder}/s\ntranscript ${folder}/log\n${runner}\n</runner>\n<health>\n${health}\n</health>\n`,
	);
	return {
		folder,
		port,
		async status() {
			const {stdout} = await zeoctl(t, ['-C', 'd.conf', 'status', '--json'], {cwd: folder});
			return JSON.parse(stdout);
		},
		history: () => readHistory(runDirectoryOf(path.join(folder, 's'))),
	};
};

const runzeo = (python: string) => (folder: string) =>
	`${path.join(path.dirname(python), 'runzeo')} -C ${folder}/zeo.conf`;

const startServer = async (t: ExecutionContext, {folder}: Server): Promise<void> => {
	const {exitCode, stdout, stderr} = await zeoctl(t, ['-C', 'd.conf', 'start'], {
		cwd: folder,
		limitMs: longestMs,
	});
	t.is(exitCode, 0, stdout + stderr);
};

const untilVerdict = (server: Server, verdict: Health['verdict']) =>
	waitFor(`the verdict ${verdict}`, async () => {
		const found = await server.status();
		return found.health?.verdict === verdict ? found : undefined;
	});

/** A real server that is ready; undefined, with the reason printed, where there is none. */
const startReady = async (t: ExecutionContext) => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const server = await makeServer(t, {program: runzeo(python)});
	await startServer(t, server);
	const {pid} = await untilVerdict(server, 'ready');
	if (pid === null) throw new Error('no pid');
	return {server, pid};
};

/** Waits until another program has taken the place of this one and is ready; the milliseconds that it took. */
const untilReplaced = async (server: Server, pid: number | null) => {
	const began = performance.now();
	const next = await waitFor('a new program', async () => {
		const found = await server.status();
		return found.pid !== null && found.pid !== pid ? found : undefined;
	});
	return {next, ms: performance.now() - began};
};

test('promise 4: a server that is stopped in its tracks is replaced within interval x failures + time limit', async t => {
	const ready = await startReady(t);
	if (ready === undefined) return;
	const {server, pid} = ready;
	process.kill(pid, 'SIGSTOP');
	const {ms} = await untilReplaced(server, pid);
	t.log(`replaced after ${Math.round(ms)} ms (2 x 1 s + 1 s, and the stop)`);
	// The figure is for the reader: a busy machine may take several times as long.
	t.true(ms < 60_000, `${ms} ms`);
	const {lastExit} = await untilVerdict(server, 'ready');
	const reason = `127.0.0.1:${server.port} accepts connections but does not answer; the process is stopped (SIGSTOP)`;
	t.true(lastExit?.description.endsWith(`, restarted because ${reason}`), lastExit?.description);
	const [decision] = server.history().filter(({event}) => event === 'decision');
	t.like(decision, {
		decision: 'restart',
		by: 'health',
		subject: `pid ${pid}`,
		description: reason,
	});
	t.like((await server.status()).health?.lastRestart, {reason});
});

const answersLikeZeo = (folder: string, port: number): string =>
	`${process.execPath} ${path.join(projectRoot, 'build/test/fixtures/programs/answers-like-zeo.js')} ${port} ${folder}/well`;

test('promise 4: a server that accepts and answers one byte is replaced', async t => {
	const server = await makeServer(t, {program: answersLikeZeo});
	writeFileSync(path.join(server.folder, 'well'), '');
	await startServer(t, server);
	const {pid} = await untilVerdict(server, 'ready');
	rmSync(path.join(server.folder, 'well'));
	const {next} = await untilReplaced(server, pid);
	t.not(next.pid, pid);
	writeFileSync(path.join(server.folder, 'well'), '');
	await waitFor('the new program to run', async () => {
		const {state, readiness, health} = await server.status();
		return state === 'running' && readiness === 'ready' && health?.verdict === 'ready';
	});
});

test('a server that never answers more than one byte is replaced while it starts', async t => {
	const server = await makeServer(t, {program: answersLikeZeo});
	const starting = startZeoctl(t, ['-C', 'd.conf', 'start'], {cwd: server.folder});
	const first = await waitFor('the program', async () => (await server.status()).pid);
	const {next} = await untilReplaced(server, first);
	t.is(next.state, 'starting');
	starting.kill('SIGKILL');
});

test('a sick server whose conf has been broken meanwhile is restarted when that is mended, not before', async t => {
	const ready = await startReady(t);
	if (ready === undefined) return;
	const {server, pid} = ready;
	const conf = path.join(server.folder, 'zeo.conf');
	const good = readFileSync(conf, 'utf8');
	writeFileSync(conf, `${good}\n<half`);
	process.kill(pid, 'SIGSTOP');
	const [alarm] = (await untilVerdict(server, 'failed')).health?.alarms ?? [];
	t.like(alarm, {alarm: 'no-restart', level: 'alarm'});
	t.regex(alarm?.text ?? '', /zeo\.conf:\d+: /);
	await sleep(2500);
	t.is((await server.status()).pid, pid);
	writeFileSync(conf, good);
	const {next} = await untilReplaced(server, pid);
	t.not(next.pid, pid);
	const {health} = await untilVerdict(server, 'ready');
	t.false(health?.alarms.some(({alarm}) => alarm === 'no-restart'));
});

test('with action alarm a sick server is reported and left alone', async t => {
	const server = await makeServer(t, {
		program: answersLikeZeo,
		health: `${fast}\naction alarm`,
	});
	writeFileSync(path.join(server.folder, 'well'), '');
	await startServer(t, server);
	const {pid} = await untilVerdict(server, 'ready');
	rmSync(path.join(server.folder, 'well'));
	t.is((await untilVerdict(server, 'failed')).readiness, 'unready');
	await sleep(2500);
	t.like(await server.status(), {pid, state: 'running'});
	t.deepEqual(
		server.history().flatMap(record => (record.event === 'health' ? [record.verdict] : [])),
		['failed'],
	);
	writeFileSync(path.join(server.folder, 'well'), '');
	t.is((await untilVerdict(server, 'ready')).pid, pid);
});

test('promise 5: a commit lock that is held is reported with advice, and nobody is restarted', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const server = await makeServer(t, {
		program: runzeo(python),
		health: `${fast}\ncommit-lock-alarm 1s`,
	});
	await startServer(t, server);
	const {pid} = await untilVerdict(server, 'ready');
	const client = startCommand(t, [
		python,
		fixture('programs/holds-commit-lock.py'),
		'127.0.0.1',
		String(server.port),
	]);
	await waitFor('the lock', () => client.stdout().includes('held'));
	const alarm = await waitFor('the alarm', async () =>
		(await server.status()).health?.alarms.find(each => each.alarm === 'commit-lock'),
	);
	t.like(alarm, {level: 'alarm', text: "a client holds the commit lock of storage 'main'"});
	t.true(alarm.advice?.includes('transaction-timeout'));
	await sleep(3500);
	const held = await server.status();
	t.is(held.pid, pid);
	t.like(held.health, {verdict: 'ready'});
	t.is(held.health?.alarms.find(each => each.alarm === 'commit-lock')?.since, alarm.since);
	client.kill('SIGKILL');
	await waitFor('the end of the alarm', async () =>
		(await server.status()).health?.alarms.every(each => each.alarm !== 'commit-lock'),
	);
	t.true(
		server.history().some(record => record.event === 'alarm' && record.alarm === 'commit-lock'),
	);
});

test('a full disk is an alarm', async t => {
	const server = await makeServer(t, {
		program: answersLikeZeo,
		health: 'interval 1s\ndisk-floor 1000000GB\ninode-floor 100%',
	});
	writeFileSync(path.join(server.folder, 'well'), '');
	await startServer(t, server);
	const {health} = await untilVerdict(server, 'ready');
	const names = health?.alarms.map(({alarm}) => alarm) ?? [];
	t.true(names.includes('disk'), names.join(' '));
});

let database: string | undefined;

/** For the making of that database, and for the work on it. */
const longestMs = bySize(1_200_000, 170_000);

/** A database of some 60 MB (in full size 600 MB and more than 600 000 objects), half of it garbage, made once. */
const makeDatabase = async (t: ExecutionContext, python: string): Promise<string> => {
	if (database !== undefined) return database;
	const file = path.join(projectRoot, 'build/test-databases', String(process.pid), 'Data.fs');
	mkdirSync(path.dirname(file), {recursive: true});
	const argv = [
		...[
			python,
			fixture('make_filestorage.py'),
			'--path',
			file,
			'--megabytes',
			String(bySize(600, 60)),
		],
		...['--record-bytes', '400', '--per-transaction', '500'],
	] as [string, ...string[]];
	const {exitCode, stdout, stderr} = await runCommand(t, argv, {limitMs: longestMs});
	t.is(exitCode, 0, stderr);
	const {bytes, objects}: {bytes: number; objects: number} = JSON.parse(stdout);
	t.log(`${Math.round(bytes / 1e6)} MB, ${objects} objects`);
	database = file;
	return file;
};

test.after.always(() => {
	if (database !== undefined) rmSync(path.dirname(database), {recursive: true, force: true});
});

/** Lets a process run for a part of the time only, by default a tenth, until the signal is aborted. */
const slowDown = async (pid: number, signal: AbortSignal, share = 0.1): Promise<void> => {
	while (!signal.aborted) {
		process.kill(pid, 'SIGSTOP');
		await sleep(100 * (1 - share));
		process.kill(pid, 'SIGCONT');
		await sleep(100 * share);
	}
};

/** What the statuses say until the condition is met. */
const watchUntil = async (server: Server, isOver: (found: Found) => boolean) => {
	const seen: Found[] = [];
	const look = async (): Promise<boolean> => {
		const found = await server.status();
		seen.push(found);
		return isOver(found);
	};
	await waitFor('the end of the work', look, longestMs);
	return seen;
};

const activitiesIn = (seen: readonly Found[], activity: string) =>
	seen.flatMap(({health}) => (health?.activities ?? []).filter(each => each.activity === activity));

/** The index is read at once, so this looks often. */
const untilOpening = async (log: string): Promise<void> => {
	const deadline = performance.now() + 60_000;
	while (!readIfThere(log).includes('opening storage')) {
		if (performance.now() > deadline) throw new Error('the storage is not opened within a minute');
		await new Promise(resolve => setTimeout(resolve, 2));
	}
};

test.serial(
	'promise 5: a server that rebuilds its index is not taken for hung, and its progress shows',
	async t => {
		t.timeout(3 * longestMs);
		const python = testPython(t);
		if (python === undefined) return;
		const server = await makeServer(t, {program: runzeo(python), runner: 'start-timeout 3'});
		copyFileSync(await makeDatabase(t, python), path.join(server.folder, 'Data.fs'));
		const starting = startZeoctl(t, ['-C', 'd.conf', 'start'], {cwd: server.folder});
		const {pid} = await waitFor('the process', async () => {
			const status = await server.status();
			return status.pid === null ? undefined : status;
		});
		if (pid === null) return t.fail('no pid');
		await untilOpening(path.join(server.folder, 'log'));
		const slow = new AbortController();
		const slowing = slowDown(pid, slow.signal, bySize(0.3, 0.1));
		const began = performance.now();
		const seen = await watchUntil(
			server,
			({state, health}) => state === 'running' && health?.verdict === 'ready',
		);
		slow.abort();
		await slowing;
		await starting.result;
		const percents = activitiesIn(seen, 'index').flatMap(({percent}) => percent ?? []);
		t.log(
			`index rebuilt in ${Math.round(performance.now() - began)} ms, seen at ${[...new Set(percents)].join(' ')} %`,
		);
		t.true(percents.length > 0, 'no progress was seen');
		t.deepEqual(
			percents,
			[...percents].sort((a, b) => a - b),
		);
		t.true(seen.every(each => each.pid === pid && each.health?.verdict !== 'failed'));
		t.true(
			seen.some(({health}) => health?.reason?.includes("it reads the index of storage 'main'")),
		);
	},
);

test.serial(
	'promise 5: a server that packs is not taken for hung, and its progress shows',
	async t => {
		t.timeout(3 * longestMs);
		const python = testPython(t);
		if (python === undefined) return;
		const server = await makeServer(t, {program: runzeo(python)});
		copyFileSync(await makeDatabase(t, python), path.join(server.folder, 'Data.fs'));
		await startServer(t, server);
		const {pid} = await untilVerdict(server, 'ready');
		if (pid === null) return t.fail('no pid');
		const packing = startCommand(
			t,
			[python, fixture('programs/packs.py'), '127.0.0.1', String(server.port)],
			{limitMs: longestMs},
		);
		await waitFor('the pack', () =>
			readIfThere(path.join(server.folder, 'log')).includes('started...'),
		);
		const slow = new AbortController();
		const slowing = slowDown(pid, slow.signal, bySize(0.5, 0.1));
		const began = performance.now();
		const seen = await watchUntil(server, () => packing.stdout().includes('packed'));
		slow.abort();
		await slowing;
		const activities = activitiesIn(seen, 'pack');
		const steps = [...new Set(activities.map(({step}) => step))];
		const percents = [...new Set(activities.flatMap(({percent}) => percent ?? []))];
		t.log(
			`packed in ${Math.round(performance.now() - began)} ms, seen ${steps.join(', ')} at ${percents.join(' ')} %`,
		);
		t.deepEqual(steps, ['finding what is in use', 'copying']);
		t.true(percents.length >= 1);
		t.true(seen.every(each => each.pid === pid && each.health?.verdict !== 'failed'));
		await waitFor('the next look', async () => {
			const {health} = await server.status();
			return health?.verdict === 'ready' && health.activities.length === 0;
		});
	},
);

const readIfThere = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};
