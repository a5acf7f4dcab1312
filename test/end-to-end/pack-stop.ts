import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {type HistoryRecord, readHistory} from '../../src/history/history.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {
	projectRoot,
	type Running,
	runCommand,
	startCommand,
	startZeoctl,
	zeoctl,
} from '../helpers/zeoctl.js';

const fixture = (name: string): string => path.join(projectRoot, 'test/fixtures', name);

type Found = {
	readonly state: string;
	readonly reason: string | null;
	readonly pid: number | null;
	readonly manager: number;
};

type Scene = {
	readonly folder: string;
	/** A client that has asked for a pack and waits for its end. */
	readonly packing: Running;
	status(): Promise<Found>;
	history(): readonly HistoryRecord[];
	has(name: string): boolean;
	/** Lets the pack go on past a point. */
	release(point: 'copy' | 'swap'): void;
	start(...action: string[]): Running;
	/** The objects that a real FileStorage finds in the data file. */
	countObjects(): Promise<number>;
};

/** A real server in the middle of a pack, which goes on when it is told to. Undefined where there is no ZEO. */
const packingServer = async (
	t: ExecutionContext,
	{point, runner = '', wait}: {point: 'copy' | 'swap'; runner?: string; wait: string},
): Promise<Scene | undefined> => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const made = await runCommand(t, [
		...([python, fixture('make_filestorage.py'), '--path', `${folder}/Data.fs`] as const),
		...['--megabytes', '2'],
	]);
	t.is(made.exitCode, 0, made.stderr);
	const server = `<zeo>\naddress 127.0.0.1:${port}\n</zeo>\n<filestorage main>\npath ${folder}/Data.fs\n</filestorage>\n`;
	writeFileSync(path.join(folder, 'zeo.conf'), server);
	writeFileSync(
		path.join(folder, 'd.conf'),
		`${server}<runner>\nprogram ${python} ${fixture('programs/slow-packs.py')} ${folder} -C ${folder}/zeo.conf\nsocket-name ${folder}/s\ntranscript ${folder}/log\n${runner}\n</runner>\n<zeoctl>\nstop-pack-wait ${wait}\n</zeoctl>\n`,
	);
	const has = (name: string): boolean => existsSync(path.join(folder, name));
	const release = (name: string): void => writeFileSync(path.join(folder, name), '');
	const start = (...action: string[]): Running =>
		startZeoctl(t, ['-C', 'd.conf', ...action], {cwd: folder, limitMs: 180_000});
	const started = await start('start').result;
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	const packing = startCommand(
		t,
		[python, fixture('programs/packs.py'), '127.0.0.1', String(port)],
		{limitMs: 180_000},
	);
	if (point === 'swap') release('copy');
	await waitFor(`a pack that waits at ${point}`, () => has(`at-${point}`), 120_000);
	return {
		folder,
		packing,
		async status() {
			const {stdout} = await zeoctl(t, ['-C', 'd.conf', 'status', '--json'], {cwd: folder});
			return JSON.parse(stdout);
		},
		history: () => readHistory(runDirectoryOf(path.join(folder, 's'))),
		has,
		release,
		start,
		async countObjects() {
			const count = `from ZODB.FileStorage import FileStorage as F\nprint(len(F(${JSON.stringify(path.join(folder, 'Data.fs'))}, read_only=True)))`;
			const counted = await runCommand(t, [python, '-c', count]);
			t.is(counted.exitCode, 0, counted.stderr);
			return Number(counted.stdout);
		},
	};
};

const untilWaiting = (scene: Scene): Promise<Found> =>
	waitFor('a stop that waits', async () => {
		const found = await scene.status();
		return found.state === 'stopping' && found.reason?.startsWith('waits') ? found : undefined;
	});

const lastEnd = (scene: Scene) => scene.history().findLast(({event}) => event === 'end');

test.serial(
	'a stop during a pack says so, waits, and leaves a packed database and its index',
	async t => {
		const scene = await packingServer(t, {point: 'copy', wait: '10m'});
		if (scene === undefined) return;
		const before = await scene.countObjects();
		const stopping = scene.start('stop');
		const {reason, pid} = await untilWaiting(scene);
		t.is(reason, 'waits for the pack of storage main');
		t.true(existsSync(`/proc/${pid}`), 'the server has ended');
		await waitFor('the words of the stop', () => stopping.stderr().includes('to break it off'));
		t.regex(
			stopping.stderr(),
			/^waits for the pack of storage main, up to \d+ min.*; to break it off: zeoctl -C d\.conf kill TERM\n$/,
		);
		const reload = await scene.start('reload').result;
		t.is(reload.exitCode, 1);
		t.regex(reload.stderr, /cannot reload: a stop or restart of the program waits for a pack/);
		scene.release('copy');
		scene.release('swap');
		const {exitCode} = await stopping.result;
		t.is(exitCode, 0);
		await scene.packing.result;
		t.like(lastEnd(scene), {expected: true, signal: null, code: 0});
		t.true(scene.has('Data.fs.old') && scene.has('Data.fs.index') && !scene.has('Data.fs.pack'));
		const after = await scene.countObjects();
		t.true(after > 0 && after < before, `${before} objects, then ${after}`);
		t.like(
			scene.history().find(record => record.event === 'decision'),
			{decision: 'wait-for-pack', subject: 'main'},
		);
	},
);

test.serial(
	'a stop waits no longer than stop-pack-wait, and the database is as it was before the pack',
	async t => {
		const scene = await packingServer(t, {point: 'copy', wait: '2s', runner: 'stop-timeout 2'});
		if (scene === undefined) return;
		const before = await scene.countObjects();
		const {exitCode, stdout, stderr} = await scene.start('stop').result;
		t.is(exitCode, 0, stdout + stderr);
		t.like(lastEnd(scene), {expected: true, signal: 'SIGKILL'});
		t.is(await scene.countObjects(), before);
		t.like(
			scene.history().findLast(record => record.event === 'decision'),
			{decision: 'break-off-pack', subject: 'main'},
		);
	},
);

test.serial('SIGKILL never hits a server between the two renames of a pack', async t => {
	const scene = await packingServer(t, {point: 'swap', wait: '1s', runner: 'stop-timeout 1'});
	if (scene === undefined) return;
	t.false(scene.has('Data.fs'), 'not between the renames');
	const stopping = scene.start('stop');
	await waitFor(
		'the stop to come to SIGKILL',
		async () => (await scene.status()).state === 'killing',
	);
	t.false(scene.has('Data.fs'));
	scene.release('swap');
	const {exitCode, stdout, stderr} = await stopping.result;
	t.is(exitCode, 0, stdout + stderr);
	t.true(scene.has('Data.fs') && scene.has('Data.fs.old') && !scene.has('Data.fs.pack'));
	t.true((await scene.countObjects()) > 0);
});

test.serial('SIGTERM to the supervisor waits for a pack, and a second one does not', async t => {
	const scene = await packingServer(t, {point: 'copy', wait: '10m', runner: 'stop-timeout 2'});
	if (scene === undefined) return;
	const {manager, pid} = await scene.status();
	process.kill(manager, 'SIGTERM');
	await untilWaiting(scene);
	t.true(existsSync(`/proc/${pid}`));
	process.kill(manager, 'SIGTERM');
	await waitFor(
		'the end of both',
		() => !existsSync(`/proc/${manager}`) && !existsSync(`/proc/${pid}`),
	);
	t.true((await scene.countObjects()) > 0);
});

test.serial('a restart waits for a pack, and a start takes a stop back', async t => {
	const scene = await packingServer(t, {point: 'copy', wait: '10m'});
	if (scene === undefined) return;
	const {pid} = await scene.status();
	const stopping = scene.start('stop');
	await untilWaiting(scene);
	t.is((await scene.start('start').result).exitCode, 0);
	t.like(await scene.status(), {state: 'running', pid, reason: null});
	t.is((await stopping.result).exitCode, 1);
	const restarting = scene.start('restart');
	await untilWaiting(scene);
	scene.release('copy');
	scene.release('swap');
	const restarted = await restarting.result;
	t.is(restarted.exitCode, 0, restarted.stdout + restarted.stderr);
	await scene.packing.result;
	t.true(scene.has('Data.fs.old') && !scene.has('Data.fs.pack'));
	t.not((await scene.status()).pid, pid);
});
