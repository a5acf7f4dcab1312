import {
	appendFileSync,
	chownSync,
	copyFileSync,
	cpSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmdirSync,
	rmSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {acceptDatabase, lookAtDatabases, recordDatabases} from '../../src/guard/check-databases.js';
import {readLedger} from '../../src/guard/ledger.js';
import {type DatabaseScene, databaseScene, type SceneStep} from '../helpers/databases.js';
import {skip} from '../helpers/python.js';

/** Some years ago, so that what is committed then is older than what is committed now. */
const longAgo = 1_500_000_000;
const commits: SceneStep = {do: 'commit', count: 5, at: longAgo};

/** A database that was served and stopped in order; undefined without ZODB. */
const served = async (
	t: ExecutionContext,
	...steps: readonly SceneStep[]
): Promise<DatabaseScene | undefined> => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits, ...steps))) return undefined;
	await scene.record('end');
	return scene;
};

const isWhole = async (
	t: ExecutionContext,
	scene: DatabaseScene,
	...keys: readonly string[]
): Promise<void> => {
	t.like(await scene.ask({do: 'read'}), {keys: ['data', ...keys].sort()});
};

test('a first start asks nothing', async t => {
	const scene = databaseScene(t);
	t.deepEqual(await scene.codes(), []);
	if (!(await scene.zodb({do: 'create'}))) return;
	t.deepEqual(await scene.codes(), []);
});

test('a database that was never recorded is taken as it is', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits))) return;
	t.deepEqual(await scene.codes(), []);
});

test('an unchanged database may be started, and so may a grown one', async t => {
	const scene = await served(t);
	if (!scene) return;
	t.deepEqual(await scene.codes(), []);
	await scene.zodb({do: 'commit', count: 3});
	t.deepEqual(await scene.codes(), []);
});

test('a storage that was recorded without a transaction may stay empty or grow', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb({do: 'create'}))) return;
	await scene.record('end');
	t.deepEqual(await scene.codes(), []);
	await scene.zodb(commits);
	t.deepEqual(await scene.codes(), []);
});

// A pack of everything ends with two renames: Data.fs to .old, .pack to Data.fs. `more` is committed after the record.
const interruptions: readonly (readonly [string, string, readonly string[]])[] = [
	['before the first rename', 'before-1', ['warn leftover-pack']],
	['after the first rename', 'after-1', ['refuse interrupted-pack']],
	['before the second rename', 'before-2', ['refuse interrupted-pack']],
	['after the second rename', 'after-2', []],
];
for (const [when, at, expected] of interruptions) {
	for (const recorded of [true, false]) {
		test(`promise 2: a pack that was killed ${when}, ${recorded ? 'with' : 'without'} a ledger`, async t => {
			const scene = databaseScene(t);
			if (!(await scene.zodb(commits))) return;
			if (recorded) await scene.record('ready');
			await scene.zodb({do: 'commit', key: 'more'}, {do: 'kill-in-pack', at});
			const {refusals} = await scene.check();
			t.deepEqual(await scene.codes(), expected);
			for (const {hint, repair, reason} of refusals) {
				t.true(repair === hint);
				t.regex(reason, /between its two renames/);
				scene.shell(repair);
				t.deepEqual(
					(await scene.codes()).filter(code => code.startsWith('refuse')),
					[],
				);
			}
			await isWhole(t, scene, 'more');
		});
	}
}

test('the repair of an interrupted pack is quoted for the shell', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'});
	const {refusals} = await scene.check();
	const quoted = scene.file.replace("it's", "it'\\''s");
	t.is(refusals[0]?.repair, `mv '${quoted}.old' '${quoted}'`);
});

test('an interrupted pack whose .pack was deleted is repaired from .old', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'});
	rmSync(`${scene.file}.pack`);
	const {refusals} = await scene.check();
	t.is(refusals[0]?.code, 'interrupted-pack');
	scene.shell(refusals[0]?.repair);
	await isWhole(t, scene);
});

test('an interrupted pack whose .old was deleted is repaired from .pack if that holds everything', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'});
	rmSync(`${scene.file}.old`);
	const {refusals} = await scene.check();
	scene.shell(refusals[0]?.repair);
	t.deepEqual(await scene.codes(), []);
	await isWhole(t, scene);
});

test('a .pack that was not written to its end is no repair', async t => {
	const scene = await served(t, {do: 'commit', key: 'more', bytes: 50_000});
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'});
	rmSync(`${scene.file}.old`);
	truncateSync(`${scene.file}.pack`, 2000);
	const {refusals} = await scene.check();
	t.like(refusals[0], {code: 'missing', repair: undefined});
	t.regex(refusals[0]?.hint ?? '', /restore/);
});

test('an empty file in place of the one that a pack had renamed is refused with the same repair', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'}, {do: 'create'});
	const {refusals} = await scene.check();
	t.is(refusals[0]?.code, 'interrupted-pack');
	scene.shell(refusals[0]?.repair);
	await isWhole(t, scene);
});

test('a database that was begun anew in the middle of a pack is refused, and nothing is thrown away', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'kill-in-pack', at: 'after-1'}, {do: 'commit', key: 'new'});
	const {refusals} = await scene.check();
	t.is(refusals[0]?.code, 'begun-anew');
	scene.shell(refusals[0]?.repair);
	await isWhole(t, scene);
	t.like(await scene.ask({do: 'read', path: `${scene.file}.set-aside`}), {keys: ['new']});
});

test('promise 2: a missing database is refused where the ledger knows it', async t => {
	const scene = await served(t);
	if (!scene) return;
	rmSync(scene.file);
	rmSync(`${scene.file}.index`);
	t.deepEqual(await scene.codes(), ['refuse missing']);
	await advisesRestore(t, scene, /is missing, but its last known transaction is of 2017-/);
});

/** No file has everything: the way out is a backup, or a person's word. */
const advisesRestore = async (
	t: ExecutionContext,
	scene: DatabaseScene,
	reason: RegExp,
): Promise<void> => {
	const [refusal] = (await scene.check()).refusals;
	t.regex(refusal?.reason ?? '', reason);
	t.regex(refusal?.hint ?? '', /^restore it from a backup.*: zeoctl accept-database main$/);
	t.is(refusal?.repair, undefined);
};

test('a missing database is refused where only the index is left', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits))) return;
	rmSync(scene.file);
	t.deepEqual(await scene.codes(), ['refuse missing']);
});

test('the index of an empty storage is no reason to refuse', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb({do: 'create'}))) return;
	rmSync(scene.file);
	t.deepEqual(await scene.codes(), []);
});

test('a missing database is not replaced by an older .old', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits, {do: 'pack'}, {do: 'commit', key: 'more'}))) return;
	await scene.record('end');
	rmSync(scene.file);
	const {refusals} = await scene.check();
	t.like(refusals[0], {code: 'missing', repair: undefined});
	t.regex(refusals[0]?.reason ?? '', /older than the last known transaction/);
	t.regex(refusals[0]?.hint ?? '', /^restore the newest backup/);
});

test('promise 2: a header-only database is refused where something knows better', async t => {
	const scene = await served(t);
	if (!scene) return;
	truncateSync(scene.file, 4);
	t.deepEqual(await scene.codes(), ['refuse emptied']);
	await advisesRestore(
		t,
		scene,
		/holds no transaction \(4 bytes\), but its last known transaction/,
	);
	truncateSync(scene.file, 0);
	t.deepEqual(await scene.codes(), ['refuse emptied']);
});

test('a header-only database is refused without a ledger, too', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits))) return;
	truncateSync(scene.file, 4);
	t.deepEqual(await scene.codes(), ['refuse emptied']);
});

test('promise 2: an older copy is refused, also when its file keeps the inode', async t => {
	const scene = databaseScene(t);
	const copy = `${scene.file}.backup`;
	if (!(await scene.zodb(commits))) return;
	copyFileSync(scene.file, copy);
	await scene.zodb({do: 'commit', key: 'more'});
	await scene.record('end');
	copyFileSync(copy, scene.file);
	const {refusals} = await scene.check();
	t.deepEqual(await scene.codes(), ['refuse older']);
	t.regex(refusals[0]?.hint ?? '', /zeoctl accept-database main/);
	t.is(refusals[0]?.repair, undefined);
	rmSync(scene.file);
	copyFileSync(copy, scene.file);
	t.deepEqual(await scene.codes(), ['refuse older']);
});

test('an older copy of a packed database with its old time is refused', async t => {
	const scene = databaseScene(t);
	const copy = `${scene.file}.backup`;
	if (!(await scene.zodb(commits, {do: 'pack', keepOld: false}))) return;
	copyFileSync(scene.file, copy);
	await scene.zodb({do: 'commit', key: 'more'});
	await scene.record('end');
	renameSync(copy, scene.file);
	utimesSync(scene.file, longAgo, longAgo);
	t.deepEqual(await scene.codes(), ['refuse older']);
});

test('where the newer file stands beside it, the advice brings it back', async t => {
	const scene = databaseScene(t);
	const copy = `${scene.file}.backup`;
	if (!(await scene.zodb(commits))) return;
	copyFileSync(scene.file, copy);
	await scene.zodb({do: 'commit', key: 'more'});
	await scene.record('end');
	copyFileSync(scene.file, `${scene.file}.old`);
	copyFileSync(copy, scene.file);
	const {refusals} = await scene.check();
	const command = /^the newer data is in '.*?\.old': (.*?);/.exec(refusals[0]?.hint ?? '')?.[1];
	scene.shell(command);
	t.deepEqual(await scene.codes(), []);
	await isWhole(t, scene, 'more');
});

const more: SceneStep = {do: 'commit', key: 'more', count: 5};
const dropped: SceneStep = {do: 'drop', key: 'more'};

test('packed by another client, and still the newest', async t => {
	const scene = await served(t, more, dropped);
	if (!scene) return;
	await scene.zodb({do: 'pack'});
	t.deepEqual(await scene.codes(), []);
	await scene.zodb({do: 'commit', key: 'new'}, {do: 'pack', keepOld: false});
	t.deepEqual(await scene.codes(), []);
});

/** A pack whose last transaction is older than before: the last ones changed an object that nothing refers to. */
const shrinking = async (t: ExecutionContext, keepOld: boolean) => {
	const scene = await served(t, {do: 'orphan'});
	if (!scene) return undefined;
	await scene.zodb({do: 'pack', keepOld});
	return scene;
};

test('packed by us: the ledger follows', async t => {
	const scene = await shrinking(t, false);
	if (!scene) return;
	t.deepEqual(await scene.codes(), ['warn unrecorded-pack']);
	await scene.record('pack');
	t.deepEqual(await scene.codes(), []);
	await scene.zodb(more);
	t.deepEqual(await scene.codes(), []);
});

test('packed by another client to an older last transaction, with .old', async t => {
	const scene = await shrinking(t, true);
	if (!scene) return;
	t.deepEqual(await scene.codes(), []);
});

test('packed by another client to an older last transaction, without .old: started and warned of', async t => {
	const scene = await shrinking(t, false);
	if (!scene) return;
	t.deepEqual(await scene.codes(), ['warn unrecorded-pack']);
	await scene.record('ready');
	t.deepEqual(await scene.codes(), []);
});

test('packed by another client without .old, and the log says so', async t => {
	const scene = await shrinking(t, false);
	if (!scene) return;
	const log = path.join(scene.folder, 'zeo.log');
	const now = new Date(Date.now() + 1000);
	const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
	writeFileSync(
		log,
		`------\n${local.slice(0, 19)} INFO ZEO.StorageServer (1) pack(time=1.5) complete\n`,
	);
	t.deepEqual(await scene.codes({logs: [log]}), []);
	writeFileSync(log, '2001-01-01T00:00:00 INFO ZEO.StorageServer (1) pack(time=1.5) complete\n');
	t.deepEqual(await scene.codes({logs: [log]}), ['warn unrecorded-pack']);
});

test('a copy put in place of a file that was renamed to .old is warned of', async t => {
	const scene = databaseScene(t);
	const copy = `${scene.file}.backup`;
	if (!(await scene.zodb(commits))) return;
	copyFileSync(scene.file, copy);
	await scene.zodb({do: 'commit', key: 'more'});
	await scene.record('end');
	renameSync(scene.file, `${scene.file}.old`);
	renameSync(copy, scene.file);
	t.deepEqual(await scene.codes(), ['warn older']);
});

test('replaced by a converted one: every transaction with its id, in a new file', async t => {
	const scene = await served(t, more, dropped);
	if (!scene) return;
	const converted = `${scene.file}.converted`;
	await scene.zodb({do: 'copy', to: converted});
	for (const suffix of ['', '.index']) renameSync(converted + suffix, scene.file + suffix);
	t.deepEqual(await scene.codes(), []);
});

test('replaced by one that holds nothing of what was known: started and warned of', async t => {
	const scene = await served(t);
	if (!scene) return;
	rmSync(scene.file);
	rmSync(`${scene.file}.index`);
	await scene.zodb({do: 'commit', key: 'new'});
	t.deepEqual(await scene.codes(), ['warn begun-anew']);
	await scene.record('ready');
	t.deepEqual(await scene.codes(), []);
});

test('a torn last transaction is no loss', async t => {
	const scene = await served(t);
	if (!scene) return;
	await scene.zodb({do: 'unfinished'});
	t.deepEqual(await scene.codes(), []);
	await scene.record('end');
	appendFileSync(scene.file, Buffer.alloc(100));
	t.deepEqual(await scene.codes(), []);
});

test('a refused database keeps its ledger', async t => {
	const scene = await served(t);
	if (!scene) return;
	const before = readLedger(scene.file);
	truncateSync(scene.file, 4);
	for (const why of ['ready', 'end', 'pack'] as const) await scene.record(why);
	t.deepEqual(readLedger(scene.file), before);
	t.deepEqual(await scene.codes(), ['refuse emptied']);
});

test('a ledger that cannot be written is told, and stops nobody', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits))) return;
	mkdirSync(`${scene.file}.zeoctl`);
	const [problem, ...others] = await recordDatabases(scene.server, {...scene.options, why: 'end'});
	t.true(problem?.startsWith(`cannot write '${scene.file}.zeoctl': EISDIR`));
	t.deepEqual(others, []);
	t.deepEqual(await scene.codes(), ['warn ledger']);
});

/** As if the file system of the database were not the one that it was at the last record. */
const unmount = ({options: {stateDirectory}}: DatabaseScene): void => {
	for (const name of readdirSync(stateDirectory).filter(each => each.startsWith('ledger-'))) {
		const file = path.join(stateDirectory, name);
		writeFileSync(file, readFileSync(file, 'utf8').replace(/"device":\d+/, '"device":0'));
	}
};

test('a database whose file system is not mounted is missing, although its ledger is missing with it', async t => {
	const scene = await served(t);
	if (!scene) return;
	rmSync(scene.folder, {recursive: true});
	mkdirSync(scene.folder);
	t.deepEqual(await scene.codes(), []);
	unmount(scene);
	const {refusals} = await scene.check();
	t.like(refusals[0], {code: 'missing'});
	t.regex(refusals[0]?.hint ?? '', /mount what is missing/);
	for (const seen of lookAtDatabases(scene.server, scene.options))
		acceptDatabase(seen, scene.options);
	t.deepEqual(await scene.codes(), []);
});

test('an older copy that lies under the mount point is not served in its place', async t => {
	const scene = databaseScene(t);
	if (!(await scene.zodb(commits))) return;
	await scene.record('end');
	const below = path.join(scene.folder, 'below');
	cpSync(scene.file, below);
	await scene.zodb({do: 'commit', key: 'later'});
	await scene.record('end');
	rmSync(`${scene.file}.zeoctl`);
	renameSync(below, scene.file);
	t.deepEqual(await scene.codes(), []);
	unmount(scene);
	t.deepEqual(await scene.codes(), ['refuse older']);
});

test('a file that was created by a server and is missing before its end was recorded is not begun anew', async t => {
	const scene = databaseScene(t);
	writeFileSync(scene.file, 'FS30');
	await scene.record('ready');
	await scene.record('end');
	await scene.record('ready');
	t.deepEqual(await scene.codes(), []);
	rmSync(scene.file);
	const {refusals} = await scene.check();
	t.like(refusals[0], {code: 'missing'});
	t.regex(refusals[0]?.reason ?? '', /a server has had it since/);
});

test('the ledger of a storage that is only read belongs to its writer', async t => {
	const scene = databaseScene(t, {readOnly: true});
	if (!(await scene.zodb(commits))) return;
	await scene.record('end');
	t.deepEqual(readLedger(scene.file), {state: 'none'});
});

test('a ledger that cannot be used is told and written anew', async t => {
	const scene = await served(t);
	if (!scene) return;
	writeFileSync(`${scene.file}.zeoctl`, '{"version":1,"size":12');
	t.deepEqual(await scene.codes(), ['warn ledger']);
	await scene.record('ready');
	t.deepEqual(await scene.codes(), []);
});

const accepted: readonly (readonly [string, (scene: DatabaseScene) => void])[] = [
	['missing', ({file}) => rmSync(file)],
	['header-only', ({file}) => truncateSync(file, 4)],
	['missing beside .old and .pack', scene => scene.zodb({do: 'kill-in-pack', at: 'after-1'})],
	[
		'begun anew beside .old and .pack',
		scene => scene.zodb({do: 'kill-in-pack', at: 'after-1'}, {do: 'commit', key: 'new'}),
	],
];
for (const [title, damage] of accepted) {
	test(`a person's word lets a database start that is ${title}, and its later loss is noticed again`, async t => {
		const scene = await served(t);
		if (!scene) return;
		await damage(scene);
		t.regex((await scene.codes())[0] ?? '', /^refuse/);
		for (const seen of lookAtDatabases(scene.server, scene.options))
			acceptDatabase(seen, scene.options);
		t.deepEqual(await scene.codes(), []);
		await scene.zodb({do: 'commit', key: 'later'});
		await scene.record('end');
		t.deepEqual(await scene.codes(), []);
		truncateSync(scene.file, 4);
		t.regex((await scene.codes())[0] ?? '', /^refuse/);
	});
}

test("a person's word is kept where its copy cannot be written, and not at all where the ledger cannot", async t => {
	const scene = await served(t);
	if (!scene) return;
	const {stateDirectory} = scene.options;
	const [name = ''] = readdirSync(stateDirectory);
	const copy = path.join(stateDirectory, name);
	const known = readFileSync(copy, 'utf8');
	truncateSync(scene.file, 4);
	const accept = (): void => {
		for (const seen of lookAtDatabases(scene.server, scene.options))
			acceptDatabase(seen, scene.options);
	};

	renameSync(`${scene.file}.zeoctl`, `${scene.file}.kept`);
	mkdirSync(`${scene.file}.zeoctl`);
	t.throws(accept, {code: 'EISDIR'});
	rmdirSync(`${scene.file}.zeoctl`);
	renameSync(`${scene.file}.kept`, `${scene.file}.zeoctl`);
	t.is(readFileSync(copy, 'utf8'), known);
	t.deepEqual(await scene.codes(), ['refuse emptied']);

	rmSync(copy);
	mkdirSync(copy);
	t.notThrows(accept);
	t.deepEqual(await scene.codes(), []);
	rmdirSync(copy);
	writeFileSync(copy, known);
	unmount(scene);
	t.deepEqual(await scene.codes(), [], 'the earlier copy is older');
});

test("'create' on a database with data is refused, on an empty one warned of", async t => {
	const scene = databaseScene(t, {create: true});
	t.deepEqual(await scene.codes(), []);
	if (!(await scene.zodb({do: 'create'}))) return;
	t.deepEqual(await scene.codes(), ['warn create']);
	await scene.zodb(commits);
	t.deepEqual(await scene.codes(), ['refuse create']);
});

test('a second name of the file is refused', async t => {
	const scene = await served(t);
	if (!scene) return;
	linkSync(scene.file, `${scene.file}.snapshot`);
	t.deepEqual(await scene.codes(), ['refuse hard-link']);
});

test('a lock of ours that belongs to somebody else is told with the command that helps', async t => {
	if (process.geteuid?.() !== 0) return skip(t, 'only root can give files away');
	const scene = databaseScene(t);
	writeFileSync(scene.file, 'FS30');
	writeFileSync(`${scene.file}.zeoctl-lock`, '');
	chownSync(`${scene.file}.zeoctl-lock`, 65_534, 65_534);
	const {warnings} = await scene.check();
	const owner = warnings.find(({code}) => code === 'owner');
	t.regex(owner?.reason ?? '', /Data\.fs\.zeoctl-lock'$/);
});

test('a file of Python 2 is told', async t => {
	const scene = databaseScene(t);
	writeFileSync(scene.file, 'FS21');
	t.deepEqual(await scene.codes(), ['warn python-2']);
});

test('behind a symbolic link the ledger stands beside the real file', async t => {
	const scene = await served(t);
	if (!scene) return;
	const real = path.join(scene.folder, '..', 'Data.fs');
	for (const suffix of ['', '.zeoctl']) renameSync(scene.file + suffix, real + suffix);
	symlinkSync(real, scene.file);
	t.deepEqual(await scene.codes(), ['warn symbolic-link']);
	rmSync(real);
	t.deepEqual(await scene.codes(), ['refuse missing', 'warn symbolic-link']);
});

test('another file in place of the database is told', async t => {
	const scene = databaseScene(t);
	writeFileSync(scene.file, Buffer.alloc(5000));
	t.deepEqual(await scene.codes(), ['warn foreign']);
});
