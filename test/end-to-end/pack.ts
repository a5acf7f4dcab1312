import {readFileSync, statSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {freedBytes, type PackRecord} from '../../src/history/pack-record.js';
import {type PackedServer, packedServer} from '../helpers/packed-server.js';
import {runCommand, zeoctl} from '../helpers/zeoctl.js';

const sizeOf = (file: string): number => statSync(file).size;

/** The record of the only storage of a run. */
const only = ({storages}: {readonly storages: readonly PackRecord[]}): PackRecord => {
	const [record] = storages;
	if (record === undefined || storages.length > 1) throw new Error(JSON.stringify(storages));
	return record;
};

/** The files of a folder whose names end so, and their bytes. */
const countFiles = async (t: ExecutionContext, folder: string, suffix: string) => {
	const argv = ['find', folder, '-name', `*${suffix}`, '-printf', '%s\n'] as const;
	const {stdout} = await runCommand(t, [...argv]);
	const sizes = stdout.split('\n').filter(Boolean).map(Number);
	return {files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0)};
};

test.serial('what a pack records is what the files and the server show', async t => {
	const instance = await packedServer(t, {storages: {main: 'blob-dir {folder}/main/blobs'}});
	if (!instance) return;
	const {at} = instance;
	const data = at('main/Data.fs');
	const made = await instance.make(
		'main',
		'--megabytes',
		'50',
		'--garbage-fraction',
		'0.6',
		'--blobs',
		'10',
		'--blob-bytes',
		'1000',
	);
	const blobsBefore = await countFiles(t, at('main/blobs'), '.blob');
	t.is((await instance.run('start')).exitCode, 0);
	const {exitCode, outcome, storages} = await instance.pack('--days', '0');
	const record = only({storages});
	t.is(exitCode, 0, JSON.stringify(storages));
	t.is(outcome, 'done');
	t.like(record, {outcome: 'packed', reason: null, storage: 'main', warnings: []});
	const read = await instance.readAll('main');
	t.like(record.before, {
		size: made.bytes,
		objects: made.objects,
		lastTransaction: made.last_tid,
		old: null,
	});
	t.like(record.after, {size: sizeOf(data), objects: read.length, old: sizeOf(`${data}.old`)});
	t.is(read.size, sizeOf(data));
	t.is(read.objects, read.length);
	t.true(sizeOf(data) < made.bytes * 0.45);
	t.deepEqual(record.before?.blobs, blobsBefore);
	const blobsAfter = await countFiles(t, at('main/blobs'), '.blob');
	t.deepEqual(record.after?.blobs, blobsAfter);
	const freed = made.bytes - sizeOf(data) + blobsBefore.bytes - blobsAfter.bytes;
	t.is(freedBytes(record), freed);
	t.is(record.after?.blobs?.files, 10);

	t.deepEqual(
		instance
			.history()
			.filter(({event}) => /^pack/.test(event))
			.map(({event}) => event),
		['pack-begin', 'pack', 'pack-end'],
	);
	t.like(JSON.parse(readFileSync(`${data}.zeoctl`, 'utf8')), {why: 'pack', size: sizeOf(data)});
	t.is((await instance.run('restart')).exitCode, 0);

	const again = await instance.pack('--days', '0');
	t.is(again.exitCode, 0);
	t.like(only(again), {outcome: 'nothing-to-drop', after: {old: null, size: sizeOf(data)}});
	const shown = await instance.run('pack', 'history');
	t.regex(shown.stdout, /^main\n.*\n.* packed .*\n.* nothing-to-drop .*\n/);
	const trend = JSON.parse((await instance.run('pack', 'history', '--json')).stdout);
	t.is(trend.storages[0].packs[0].freed, freed);
	await instance.run('stop');
});

const small = ['--megabytes', '2', '--garbage-fraction', '0.6'];

for (const [at, words] of [
	['socket', 'a Unix socket'],
	['tls', 'TLS'],
	['ipv6', 'IPv6'],
] as const) {
	test.serial(`a storage is packed over ${words}`, async t => {
		const instance = await packedServer(t, {at});
		if (!instance) return;
		const made = await instance.make('main', ...small);
		await instance.serve();
		const {exitCode, storages} = await instance.pack('-d0');
		t.is(exitCode, 0, JSON.stringify(storages));
		const size = sizeOf(instance.at('main/Data.fs'));
		t.like(storages[0], {outcome: 'packed', before: {size: made.bytes}, after: {size}});
		t.true(size < made.bytes / 2);
	});
}

const twoStorages = async (t: ExecutionContext): Promise<PackedServer | undefined> => {
	const instance = await packedServer(t, {storages: {one: '', two: ''}});
	await instance?.make('one', ...small);
	await instance?.make('two', ...small);
	return instance;
};

test.serial(
	'storages are packed one after another, or the named ones, as a dry run has told',
	async t => {
		const instance = await twoStorages(t);
		if (!instance) return;
		await instance.serve();
		const before = ['one', 'two'].map(name => sizeOf(instance.at(`${name}/Data.fs`)));
		const plan = JSON.parse((await instance.run('pack', '--dry-run', '-d0', '--json')).stdout);
		t.like(plan, {outcome: 'dry-run', storages: [{possible: true}, {possible: true}]});
		t.deepEqual(
			before,
			['one', 'two'].map(name => sizeOf(instance.at(`${name}/Data.fs`))),
		);
		t.deepEqual(instance.history(), []);

		const {storages} = await instance.pack('two', '-d0');
		t.deepEqual(
			storages.map(({storage, outcome}) => [storage, outcome]),
			[['two', 'packed']],
		);
		const all = await instance.pack('-d0');
		t.deepEqual(
			all.storages.map(({outcome}) => outcome),
			['packed', 'nothing-to-drop'],
		);
		const unknown = await instance.run('pack', 'three');
		t.is(unknown.exitCode, 2);
		t.regex(
			unknown.stderr,
			/^Error: cannot pack 'three': there is no such storage, only one, two\n/,
		);
	},
);

test.serial(
	'a server elsewhere is packed by its address, also with the words of zeopack',
	async t => {
		const instance = await twoStorages(t);
		if (!instance) return;
		await instance.serve();
		const elsewhere = (...words: string[]) =>
			zeoctl(t, ['pack', ...words, '--json'], {cwd: instance.folder});
		const first = await elsewhere('--server', `127.0.0.1:${instance.port}:one`, '--days', '0');
		t.is(first.exitCode, 0, first.stdout + first.stderr);
		t.like(JSON.parse(first.stdout).storages[0], {
			outcome: 'packed',
			after: {size: sizeOf(instance.at('one/Data.fs')), blobs: null, freeDisk: null},
		});
		const second = await elsewhere(
			'-h',
			'127.0.0.1',
			'-p',
			String(instance.port),
			'-S',
			'two',
			'-d',
			'0',
			'-w',
		);
		t.is(JSON.parse(second.stdout).storages[0].outcome, 'packed');
		const unknown = await elsewhere(`127.0.0.1:${instance.port}:three`);
		t.is(unknown.exitCode, 1);
		t.is(JSON.parse(unknown.stdout).storages[0].reason, "the server has no storage 'three'");
	},
);

test.serial('who packs a server with TLS elsewhere shows a certificate', async t => {
	const instance = await packedServer(t, {at: 'tls'});
	if (!instance) return;
	await instance.make('main', ...small);
	await instance.serve();
	const server = ['pack', '--server', `localhost:${instance.port}:main`];
	const shown = ['--certificate', 'server.pem', '--key', 'server.key'];
	t.is((await zeoctl(t, [...server, ...shown], {cwd: instance.folder})).exitCode, 0);
	const refused = await zeoctl(t, server, {cwd: instance.folder});
	t.is(refused.exitCode, 1);
});

test.serial('a server that is down is told, with what to type', async t => {
	const instance = await packedServer(t);
	if (!instance) return;
	const {exitCode, stdout} = await instance.run('pack');
	t.is(exitCode, 1);
	t.regex(
		stdout,
		/^main: failed: nobody listens at the address of the server\n {2}next: zeoctl -C \S+ status\n$/,
	);
});
