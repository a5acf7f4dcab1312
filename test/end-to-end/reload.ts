import {
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readHistory} from '../../src/history/history.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {isAlive, type Supervised, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand, startCommand} from '../helpers/zeoctl.js';

const limitMs = 180_000;

const reload = async (instance: Supervised, ...words: string[]) =>
	instance.run(['reload', ...words], {limitMs});

const document = async (instance: Supervised) =>
	JSON.parse((await instance.run(['status', '--json'])).stdout);

const change = (instance: Supervised, from: string, to: string): void => {
	const conf = instance.at('d.conf');
	writeFileSync(conf, readFileSync(conf, 'utf8').replace(from, to));
};

const socketsOf = (pid: number): readonly string[] =>
	readdirSync(`/proc/${pid}/fd`)
		.map(fd => linkOf(`/proc/${pid}/fd/${fd}`))
		.filter(link => link.startsWith('socket:'))
		.toSorted();

/** A descriptor may be closed since it was listed. */
const linkOf = (name: string): string => {
	try {
		return readlinkSync(name);
	} catch {
		return '';
	}
};

const client = `
import sys, time, transaction, ZEO
connection = ZEO.DB(('127.0.0.1', int(sys.argv[1]))).open()
number = 0
while True:
    number += 1
    connection.root()['number'] = number
    transaction.commit()
    print(number, flush=True)
    time.sleep(0.02)
`;

test('a reload leaves a ZEO server and the connections of its clients alone', async t => {
	t.timeout(300_000);
	const python = testPython(t);
	if (python === undefined) return;
	const port = await findFreePort();
	const folder = temporaryFolder(t);
	const runzeo = path.join(path.dirname(python), 'runzeo');
	writeFileSync(
		path.join(folder, 'zeo.conf'),
		`<zeo>\n  address 127.0.0.1:${port}\n</zeo>\n<filestorage 1>\n  path ${folder}/Data.fs\n</filestorage>\n`,
	);
	const instance = supervised(t, {
		folder,
		program: `${runzeo} -C ${folder}/zeo.conf`,
		runner: 'transcript log\nstart-timeout 120',
		sections: '<health>\n  interval 1s\n</health>\n',
	});
	const first = await instance.up();
	const worker = startCommand(t, [python, '-c', client, String(port)], {limitMs});
	const commits = (): number => Number(worker.stdout().trim().split('\n').at(-1) ?? 0);
	await waitFor('commits', () => commits() > 5);
	const sockets = socketsOf(worker.pid);
	await waitFor(
		'a look at the server',
		async () => (await document(instance)).health?.verdict === 'ready',
	);

	for (let round = 0; round < 3; round += 1) {
		const reloaded = await reload(instance);
		t.is(reloaded.exitCode, 0, reloaded.stdout + reloaded.stderr);
		const seen = commits();
		await waitFor('further commits', () => commits() > seen + 3);
	}

	const status = await document(instance);
	t.is(status.pid, first.pid);
	t.is(status.state, 'running');
	t.true(status.adopted);
	t.not(status.manager, first.manager);
	t.deepEqual(socketsOf(worker.pid), sockets, 'the client has connected anew');
	await waitFor(
		'a look of the last supervisor',
		async () => (await document(instance)).health?.verdict === 'ready',
	);
	const events = readHistory(instance.at('.sock.d')).map(({event}) => event);
	t.deepEqual(events, ['start', 'handover', 'handover', 'handover']);
	worker.kill('SIGKILL');
	const stopped = await instance.run(['stop'], {limitMs});
	t.is(stopped.exitCode, 0, stopped.stdout + stopped.stderr);
	t.regex(readFileSync(instance.at('log'), 'utf8'), /terminated by SIGTERM/);
});

test('what has changed is listed with the command that makes it take effect, and the counts go on', async t => {
	const instance = supervised(t, {runner: 'backoff-limit 2\nstop-timeout 20\ntranscript log'});
	const first = await instance.up();
	process.kill(first.pid, 'SIGKILL');
	const second = await waitFor('a restart', async () => {
		const status = await document(instance);
		return status.state === 'running' && status.restarts === 1 ? status : undefined;
	});
	change(instance, 'stop-timeout 20', 'stop-timeout 10\n  umask 077');
	const reloaded = await reload(instance);
	t.is(reloaded.exitCode, 0, reloaded.stderr);
	t.regex(reloaded.stdout, /^in effect from now on:\n {2}stop-timeout: 20 -> 10\n/);
	t.regex(reloaded.stdout, /in effect after zeoctl -C \S+ restart:\n {2}umask: 022 -> 077\n/);
	const third = await waitFor('what needs a restart', async () => {
		const status = await document(instance);
		return status.configuration?.needsRestart.length > 0 ? status : undefined;
	});
	t.deepEqual(third.configuration.needsRestart, ['umask']);
	t.is(third.restarts, 1);
	t.is(third.since, second.since);
	t.like(third.lastExit, {signal: 'SIGKILL', pid: first.pid});
	t.is((await instance.run(['restart'])).exitCode, 0);
	await waitFor('the new umask', async () => {
		const {configuration, pid} = await document(instance);
		if (configuration?.needsRestart.length !== 0 || pid === null) return false;
		return /^Umask:\s*0077$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	});
});

test('a supervisor whose folder has been removed since a reload starts the program again', async t => {
	const {up, at, run, status} = supervised(t, {runner: 'directory here'});
	mkdirSync(at('here'));
	const {pid} = await up();
	t.is((await run(['reload'])).exitCode, 0);
	rmSync(at('here'), {recursive: true});
	// Another one: that of the supervisor has gone.
	mkdirSync(at('here'));
	process.kill(pid, 'SIGKILL');
	const next = await waitFor('the next program', async () => {
		const found = await status();
		return found.pid !== null && found.pid !== pid ? found : undefined;
	});
	t.true(isAlive(next.pid ?? 0));
});

test('with a mistake in the conf nothing happens', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	change(instance, 'program', 'nonsense 1\n  program');
	const refused = await reload(instance);
	t.is(refused.exitCode, 2);
	t.regex(refused.stderr, /nonsense/);
	change(instance, 'nonsense 1', '');
	t.like(await document(instance), {pid, manager, handover: null});
});

test('an address for another control socket is not taken over', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	const conf = readFileSync(instance.at('d.conf'), 'utf8');
	writeFileSync(instance.at('d.conf'), conf.replace('socket-name sock', 'socket-name other'));
	const refused = await reload(instance);
	t.is(refused.exitCode, 1);
	t.regex(
		refused.stderr,
		/^Error: cannot reload: nothing is running\nnext: zeoctl -C \S+ start\n$/,
	);
	writeFileSync(instance.at('d.conf'), conf);
	t.like(await document(instance), {pid, manager});
});

test('a package that is broken leaves the old supervisor at work, and the reason is told', async t => {
	const folder = temporaryFolder(t);
	cpSync(path.join(projectRoot, 'dist'), path.join(folder, 'dist'), {recursive: true});
	const instance = supervised(t, {folder, command: path.join(folder, 'dist/zeoctl.cjs')});
	const {pid, manager} = await instance.up();
	const supervisor = path.join(folder, 'dist/lib/supervisor.cjs');
	for (const name of readdirSync(path.dirname(supervisor))) {
		if (/^supervisor\.cjs\..*code$/.test(name))
			writeFileSync(path.join(folder, 'dist/lib', name), '');
	}
	const text = readFileSync(supervisor, 'utf8');
	writeFileSync(supervisor, '(function () { throw new Error("half of a package"); })');
	const failed = await reload(instance);
	t.is(failed.exitCode, 1);
	t.regex(
		failed.stderr,
		/cannot reload: the new supervisor does not start: Error: half of a package/,
	);
	t.like(await document(instance), {pid, manager, state: 'running', handover: {state: 'failed'}});
	t.deepEqual(
		readdirSync(instance.folder).filter(name => name.startsWith('sock.')),
		[],
	);
	writeFileSync(supervisor, text);
	const reloaded = await reload(instance);
	t.is(reloaded.exitCode, 0, reloaded.stderr);
	t.is((await document(instance)).pid, pid);
});

test('two reloads at once are one, and both succeed', async t => {
	const instance = supervised(t);
	const {pid} = await instance.up();
	const results = await Promise.all([reload(instance), reload(instance), reload(instance)]);
	for (const {exitCode, stderr} of results) t.is(exitCode, 0, stderr);
	t.like(await document(instance), {pid, state: 'running'});
});

test('a stop during a reload stops the program, whoever has it', async t => {
	for (const pauseMs of [0, 300, 600]) {
		const instance = supervised(t);
		const {pid} = await instance.up();
		const reloading = reload(instance);
		await new Promise(resolve => setTimeout(resolve, pauseMs));
		const stopped = await instance.run(['stop'], {limitMs});
		t.is(stopped.exitCode, 0, stopped.stderr);
		await reloading;
		t.false(isAlive(pid));
		t.is((await document(instance)).state, 'not-running');
	}
});

test('no client ever finds nobody while the supervisors change', async t => {
	const instance = supervised(t);
	const {pid} = await instance.up();
	let isOver = false;
	const ask = async (): Promise<void> => {
		while (!isOver) {
			const status = await document(instance);
			if (status.pid !== pid) throw new Error(JSON.stringify(status));
		}
	};
	const asking = Promise.all([ask(), ask()]);
	for (let round = 0; round < 3; round += 1) t.is((await reload(instance)).exitCode, 0);
	isOver = true;
	await t.notThrowsAsync(asking);
});

test('a wait for the end of the program goes on over a reload', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	const waiting = instance.start(['wait'], {limitMs});
	await waitFor('a client that waits', () => waiting.stdout().includes('.'));
	t.is((await reload(instance)).exitCode, 0);
	await waitFor('the end of the old supervisor', () => !isAlive(manager));
	t.true(isAlive(waiting.pid));
	t.is((await instance.run(['stop'])).exitCode, 0);
	const {stdout} = await waiting.result;
	t.regex(stdout, /daemon process stopped/);
	t.false(isAlive(pid));
});

test('a supervisor that was not started by start is not replaced', async t => {
	const instance = supervised(t);
	const supervisor = instance.start(['supervise'], {limitMs});
	await waitFor('a program', async () => (await instance.status()).state === 'running', limitMs);
	const refused = await reload(instance);
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /it was not started by 'zeoctl start'/);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.is((await supervisor.result).exitCode, 0);
});

test('with nothing to reload it says what to type', async t => {
	const instance = supervised(t);
	const absent = await reload(instance);
	t.is(absent.exitCode, 1);
	t.regex(absent.stderr, /^Error: cannot reload: nothing is running\nnext: zeoctl -C \S+ start\n$/);
	const {pid, manager} = await instance.up();
	process.kill(manager, 'SIGKILL');
	await waitFor('the death of the supervisor', () => !isAlive(manager));
	const orphan = await reload(instance);
	t.is(orphan.exitCode, 1);
	t.true(orphan.stderr.includes(`its program (pid ${pid}) is`), orphan.stderr);
	t.is((await instance.run(['stop'])).exitCode, 0);
});

test('a program of zdaemon is not reloaded, and goes on', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const instance = supervised(t);
	const zdaemon = (action: string) => {
		const argv = [python, '-m', 'zdaemon', '-C', instance.at('d.conf'), action] as const;
		return runCommand(t, argv, {cwd: instance.folder, limitMs});
	};
	const started = await zdaemon('start');
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	const {pid} = await instance.status();
	const refused = await reload(instance);
	t.is(refused.exitCode, 1);
	t.regex(refused.stderr, /cannot reload: the manager is that of zdaemon/);
	t.regex(refused.stderr, /\nnext: zeoctl -C \S+ stop, then zeoctl -C \S+ start\n$/);
	t.is((await instance.status()).pid, pid);
	t.is((await zdaemon('stop')).exitCode, 0);
});

test('a changed conf is seen when it has been written, not before, and forgotten when it is as it was', async t => {
	const instance = supervised(t, {runner: '%include more.conf'});
	writeFileSync(instance.at('more.conf'), 'stop-timeout 10\n');
	await instance.up();
	const becomes = (state: string) =>
		waitFor(`a configuration that is ${state}`, async () => {
			const {configuration} = await document(instance);
			return configuration?.state === state ? configuration : undefined;
		});
	await becomes('loaded');
	writeFileSync(instance.at('more.conf'), 'stop-timeout 20\n');
	t.like(await becomes('changed'), {files: [instance.at('more.conf')], problem: null});
	writeFileSync(instance.at('more.conf'), 'stop-timeout 10\n');
	t.like(await becomes('loaded'), {files: [], since: null});
});
