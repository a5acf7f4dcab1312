import {existsSync, mkdirSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../../src/cli/main.js';
import {runDirectoryOf} from '../../../src/control/snapshot.js';
import {readHistory} from '../../../src/history/history.js';
import {resolveServer} from '../../../src/settings/server.js';
import {type DatabaseScene, databaseScene} from '../../helpers/databases.js';
import {fakeSession, fakeSystem, reached, type Scene} from '../../helpers/fake-system.js';
import {begin} from '../../helpers/guarded.js';
import {runningStatus} from '../../helpers/statuses.js';
import {dataFileOf} from '../../helpers/transactions.js';
import {waitFor} from '../../helpers/wait-for.js';

const instance = (t: ExecutionContext, world: Scene = {}) => {
	const scene = databaseScene(t);
	const cwd = path.dirname(scene.folder);
	const conf = path.join(cwd, 'zeo.conf');
	const socket = path.join(cwd, 'run', 'zeo.sock');
	mkdirSync(path.dirname(socket));
	writeFileSync(
		conf,
		`<runner>\n program runzeo -C ${conf}\n socket-name ${socket}\n</runner>
<zeo>\n address 1\n</zeo>
<filestorage main>\n path ${scene.file}\n</filestorage>
<filestorage other>\n path ${cwd}/other.fs\n</filestorage>\n`,
	);
	const run = async (...words: readonly string[]) => {
		const system = fakeSystem(['-C', conf, ...words], {
			cwd,
			environment: {LOGNAME: 'zope'},
			resolveServer: settings => resolveServer(settings, {environment: {}, cwd}).server,
			...world,
		});
		const code = await main(system);
		return {code, ...system.written};
	};
	return {scene, run, decisions: () => readHistory(runDirectoryOf(socket))};
};

/** A database that was emptied after it had been recorded. */
const emptied = async (t: ExecutionContext) => {
	const {scene, ...rest} = instance(t);
	if (!(await scene.zodb({do: 'commit', count: 2, at: 1_500_000_000}))) return undefined;
	await scene.record('end');
	truncateSync(scene.file, 4);
	return {scene, ...rest};
};

const isAccepted = async (t: ExecutionContext, scene: DatabaseScene) =>
	t.deepEqual(await scene.codes(), []);

test('an odd database is accepted, with what it was and is, and the decision is kept', async t => {
	const made = await emptied(t);
	if (!made) return;
	const {scene, run, decisions} = made;
	const {code, stdout, stderr} = await run('accept-database', 'main');
	t.is(stderr, '');
	t.is(code, 0);
	t.true(stdout.startsWith(`main: ${scene.file}\n  the database '${scene.file}' holds no `));
	t.regex(
		stdout,
		/\n {2}recorded: \d+ bytes, last transaction 2017-07-14 02:\d\d:\d\d UTC \(\w{16}\), end 2/,
	);
	t.regex(stdout, /\n {2}accepted: 4 bytes, no transaction, accepted 2\d{3}-/);
	await isAccepted(t, scene);
	t.like(decisions().at(-1), {
		event: 'decision',
		decision: 'accept-database',
		subject: 'main',
		by: 'zope',
	});
});

test('without a name the odd ones are accepted', async t => {
	const made = await emptied(t);
	if (!made) return;
	const {code, stdout} = await made.run('accept-database', '--json');
	t.is(code, 0);
	const {databases, ...rest} = JSON.parse(stdout);
	t.deepEqual(rest, {action: 'accept-database', outcome: 'accepted'});
	t.is(databases.length, 1);
	t.like(databases[0], {storage: 'main', path: made.scene.file, code: 'emptied'});
	t.like(databases[0].recorded, {why: 'end'});
	t.like(databases[0].accepted, {why: 'accepted', size: 4, tid: null});
	await isAccepted(t, made.scene);
});

test('while nothing is odd it refuses', async t => {
	const {run, decisions} = instance(t);
	const named = await run('accept-database', 'main');
	t.is(named.code, 1);
	t.is(named.stdout, '');
	t.is(
		named.stderr,
		"Error: cannot accept a database: nothing is odd about the database of 'main'\n",
	);
	const {code, stdout} = await run('accept-database', '--json');
	t.is(code, 1);
	t.like(JSON.parse(stdout), {outcome: 'refused', reason: 'nothing is odd about any database'});
	t.deepEqual(decisions(), []);
});

test('one named storage that is in order stops the word about the others', async t => {
	const made = await emptied(t);
	if (!made) return;
	t.is((await made.run('accept-database', 'main', 'other')).code, 1);
	t.deepEqual(await made.scene.codes(), ['refuse emptied']);
});

test('what can be repaired is given up by name only', async t => {
	const {scene, run, decisions} = instance(t);
	if (
		!(await scene.zodb(
			{do: 'commit', count: 5},
			{do: 'kill-in-pack', path: scene.file, at: 'after-1'},
		))
	)
		return;
	const {code, stderr} = await run('accept-database');
	t.is(code, 1);
	t.regex(stderr, /can be repaired without loss: mv /);
	t.deepEqual(await scene.codes(), ['refuse interrupted-pack']);
	t.deepEqual(decisions(), []);
	t.is((await run('accept-database', 'main')).code, 0);
	await isAccepted(t, scene);
});

test('an unknown storage is a usage error that names the known ones', async t => {
	const {run} = instance(t);
	const {code, stderr} = await run('accept-database', 'mian');
	t.is(code, 2);
	t.regex(stderr, /there is no such storage, only main, other/);
});

test('without a storage file there is nothing to accept', async t => {
	const system = fakeSystem(['-p', 'sleep 1', 'accept-database']);
	t.is(await main(system), 2);
	t.regex(system.written.stderr, /names no storage with a file/);
});

test('a ledger that cannot be written is an error', async t => {
	const made = await emptied(t);
	if (!made) return;
	rmSync(`${made.scene.file}.zeoctl`);
	mkdirSync(`${made.scene.file}.zeoctl`);
	const {code, stderr} = await made.run('accept-database', 'main');
	t.is(code, 4);
	t.regex(stderr, /cannot write '.*Data\.fs\.zeoctl'/);
});

test('of several databases those are told and kept that were accepted before one could not be', async t => {
	const made = await emptied(t);
	if (!made) return;
	const {scene, run, decisions} = made;
	const other = path.join(path.dirname(scene.folder), 'other.fs');
	writeFileSync(other, '');
	writeFileSync(`${other}.old`, dataFileOf(5).bytes);
	mkdirSync(`${other}.zeoctl`);
	const {code, stdout, stderr} = await run('accept-database');
	t.is(code, 4);
	t.regex(stderr, /cannot write '.*other\.fs\.zeoctl'/);
	t.regex(stdout, /^main: /);
	t.deepEqual(
		decisions().flatMap(record => (record.event === 'decision' ? [record.subject] : [])),
		['main'],
	);
	await isAccepted(t, scene);
});

test('check warns of what a start would refuse', async t => {
	const made = await emptied(t);
	if (!made) return;
	const {code, stdout} = await made.run('check');
	t.is(code, 0);
	t.true(
		stdout.includes(
			`${made.scene.file}: warning: the database '${made.scene.file}' holds no trans`,
		),
	);
});

/** A database that was deleted while a process has it open, which `isOurs` makes the program of the instance. */
const deleted = async (t: ExecutionContext, isOurs: boolean) => {
	const world: {contact: NonNullable<Scene['contact']>} = {contact: {contact: 'absent'}};
	const made = instance(t, world);
	const {file} = made.scene;
	writeFileSync(file, dataFileOf(5).bytes);
	await made.scene.record('ready');
	const server = begin(t, ['sh', '-c', 'exec 3<>"$0"; exec sleep 600', file]);
	t.teardown(() => server.kill('SIGKILL'));
	await waitFor('the file to be open', () => existsSync(`/proc/${server.pid}/fd/3`));
	rmSync(file);
	if (isOurs) world.contact = reached(fakeSession(runningStatus({pid: server.pid ?? null})));
	return {
		...made,
		async end() {
			server.kill('SIGKILL');
			await waitFor('its end', () => server.signalCode !== null);
			world.contact = {contact: 'absent'};
		},
	};
};

for (const [whose, isOurs, hint] of [
	['the server of the instance', true, / rescue main; .* stop --give-up-deleted\n$/],
	['another server', false, /^next: zeoctl -C \S+ rescue main\n$/m],
] as const) {
	test(`a database that was deleted is not given up while ${whose} has it`, async t => {
		const {scene, run, decisions, end} = await deleted(t, isOurs);
		for (const words of [['accept-database', 'main'], ['accept-database']]) {
			const {code, stderr} = await run(...words);
			t.is(code, 1);
			t.regex(stderr, /^Error: cannot accept a database: .*Data\.fs' has been deleted, and lives/);
			t.regex(stderr, hint);
		}
		t.deepEqual(await scene.codes(), ['refuse missing']);
		t.deepEqual(decisions(), []);

		const {stdout} = await run('check');
		t.regex(
			stdout,
			/warning: .*Data\.fs' has been deleted, .*\n {2}do not stop .* this: zeoctl -C \S+ rescue main\n/,
		);
		t.notRegex(stdout, /accept-database|backup/);

		await end();
		t.is((await run('accept-database', 'main')).code, 0);
		await isAccepted(t, scene);
	});
}
