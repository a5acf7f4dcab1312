import {readFileSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {PackRecord} from '../../src/history/pack-record.js';
import {openFakeServer} from '../helpers/fake-pack-server.js';
import {gatedServer} from '../helpers/gated-server.js';
import {type PackedServer, packedServer, patienceMs} from '../helpers/packed-server.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, startCommand, zeoctl} from '../helpers/zeoctl.js';

const packsOf = (instance: Pick<PackedServer, 'history'>): readonly PackRecord[] =>
	instance.history().filter((each): each is PackRecord => each.event === 'pack');

test.serial('a job that is told to end says so, and the server goes on', async t => {
	const instance = await gatedServer(t);
	if (!instance) return;
	const job = await instance.beginPack();
	job.kill('SIGTERM');
	const {exitCode, stdout} = await job.result;
	t.is(exitCode, 7);
	t.regex(stdout, /^main: not known what became of it: interrupted by SIGTERM: the server goes on/);
	t.like(packsOf(instance), [{outcome: 'unknown'}]);
	t.true(instance.history().some(({event}) => event === 'pack-end'));
	instance.letGo();
	await instance.untilPacked();
});

test.serial('what became of a job that was killed is found out afterwards, once', async t => {
	const instance = await gatedServer(t);
	if (!instance) return;
	const job = await instance.beginPack();
	job.kill('SIGKILL');
	await job.result;
	t.deepEqual(packsOf(instance), []);
	instance.letGo();
	await instance.untilPacked();
	const {stdout} = await instance.run('pack', 'history');
	t.regex(stdout, /packed/);
	t.regex(stdout, /SIGKILL, but the data file was replaced/);
	t.like(JSON.parse(readFileSync(`${instance.data}.zeoctl`, 'utf8')), {why: 'pack'});
	await instance.pack('-d0');
	t.like(packsOf(instance), [{outcome: 'packed'}, {outcome: 'nothing-to-drop'}]);
});

test.serial('promise 10: while a storage is being packed nobody else packs it', async t => {
	const instance = await gatedServer(t);
	if (!instance) return;
	const job = await instance.beginPack();
	const other = await instance.run('pack', '-d0');
	t.is(other.exitCode, 6);
	t.regex(other.stdout, /another run of packs is under way: process \d+, asked for by/);
	const server = ['pack', '--server', `127.0.0.1:${instance.port}:main`, '-d0'];
	const elsewhere = await zeoctl(t, server);
	t.is(elsewhere.exitCode, 6);
	t.regex(elsewhere.stdout, /main: skipped: the server is packing this storage already/);
	instance.letGo();
	t.is((await job.result).exitCode, 0);
	t.deepEqual(
		packsOf(instance).map(({outcome}) => outcome),
		['skipped', 'packed'],
	);
});

for (const [signal, words] of [
	['SIGKILL', /went away while it packed; the data file is as before/],
	['SIGTERM', /was stopped while it packed \(SIGTERM\); the data file is as before/],
] as const) {
	test.serial(`a server that gets ${signal} in the middle has not packed`, async t => {
		const instance = await gatedServer(t);
		if (!instance) return;
		const job = await instance.beginPack('--json');
		instance.server.kill(signal);
		const {exitCode, stdout} = await job.result;
		t.is(exitCode, 1, stdout);
		const {reason, after} = JSON.parse(stdout).storages[0];
		t.regex(reason, words);
		t.is(after.size, instance.made.bytes);
		instance.letGo();
	});
}

test.serial('a storage that is being backed up is skipped', async t => {
	const instance = await packedServer(t);
	if (!instance) return;
	await instance.make('main', '--megabytes', '0.1');
	await instance.serve();
	const reader = `exec 3<${instance.at('main/Data.fs')}; echo open; exec sleep 600`;
	const backup = startCommand(t, ['sh', '-c', reader], {limitMs: 300_000});
	await waitFor('a reader', () => backup.stdout() === 'open\n', patienceMs);
	const {exitCode, stdout} = await instance.run('pack');
	t.is(exitCode, 6);
	t.regex(stdout, new RegExp(`^main: skipped: a backup may be under way: process ${backup.pid} `));
});

/** A conf whose server is a fake, with a data file of a size. */
const fakeInstance = async (
	t: ExecutionContext,
	size: number,
	options: Parameters<typeof openFakeServer>[1],
) => {
	const server = await openFakeServer(t, options);
	const instance = await packedServer(t, {
		port: server.port,
		sections: '<health>\ntime-limit 1s\n</health>',
	});
	if (!instance) return undefined;
	const data = instance.at('main/Data.fs');
	writeFileSync(data, 'FS30');
	truncateSync(data, size);
	return {...instance, server};
};

test.serial(
	'promise 10: a disk without room for a full copy is told before anything is asked',
	async t => {
		const free = Number(
			(await runCommand(t, ['df', '-B1', '--output=avail', '/tmp'])).stdout.split('\n')[1],
		);
		const instance = await fakeInstance(t, free * 1.5, {});
		if (!instance) return;
		const {exitCode, stdout} = await instance.run('pack');
		t.is(exitCode, 6);
		t.regex(
			stdout,
			/^main: skipped: the disk of \S+Data\.fs is too small: .* free, a full copy may need .*\n {2}next: free /,
		);
		t.false(instance.server.calls.some(({method}) => method === 'pack'));
	},
);

test.serial('a server that answers nothing is given up after its time limit', async t => {
	const instance = await fakeInstance(t, 100, {health: () => undefined});
	if (!instance) return;
	const {exitCode, stdout} = await instance.run('pack');
	t.is(exitCode, 1);
	t.regex(stdout, /^main: failed: the server accepts connections but does not answer\n/);
});

test.serial('what a server tells cannot confuse a terminal', async t => {
	const instance = await fakeInstance(t, 100, {
		answer: ({method}) => (method === 'register' ? {body: hostile} : undefined),
	});
	if (!instance) return;
	const {stdout} = await instance.run('pack');
	t.regex(stdout, /^main: failed: the server raised x\.Error: <script> /);
	t.notRegex(stdout, /[\u001b\u0007]/);
	const file = path.join(instance.folder, '.sock.d/history');
	t.is(statSync(file).mode & 0o077, 0);
});

/** `(1, 2, '.reply', ('x.Error', ['<script>\n\x1b[31m\x07']))` */
const hostile =
	'8003284b014b0258060000002e7265706c795807000000782e4572726f72580f0000003c7363726970743e0a1b5b33316d0785' +
	'86742e';
