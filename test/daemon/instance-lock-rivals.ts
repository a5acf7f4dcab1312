import {type ChildProcess, fork, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, lstatSync, mkdirSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {makeStaleSocket} from '../helpers/stale-socket.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {withoutCapabilities} from '../helpers/without-capabilities.js';

type Outcome = {readonly won: boolean; readonly code?: string; readonly notes?: readonly string[]};

const module_ = path.resolve(import.meta.dirname, '../../src/daemon/instance-lock.js');
const fixture = path.resolve('test/fixtures/control/claims-on-message.mjs');

const forkRival = async (t: ExecutionContext): Promise<ChildProcess> => {
	const child = fork(fixture, [module_]);
	t.teardown(() => child.kill('SIGKILL'));
	await once(child, 'message');
	return child;
};

const tell = async <Answer>(child: ChildProcess, message: object): Promise<Answer> => {
	const answered = once(child, 'message');
	child.send(message);
	const [answer] = await answered;
	return answer;
};

const hasOneWinner = (
	title: string,
	options: {prepare(socketPath: string): Promise<void> | void; notes: number},
) =>
	test(title, async t => {
		const folder = temporaryFolder(t);
		const rivals = await Promise.all(Array.from({length: 8}, () => forkRival(t)));
		for (let round = 0; round < 20; round += 1) {
			const socketPath = `${folder}/zdsock`;
			await options.prepare(socketPath);
			const outcomes = await Promise.all(
				rivals.map(rival => tell<Outcome>(rival, {path: socketPath})),
			);
			const winner = rivals[outcomes.findIndex(({won}) => won)];
			const losers = outcomes.filter(({won}) => !won);
			t.is(losers.length, 7);
			for (const loser of losers) t.is(loser.code, 'ALREADY_SUPERVISED');
			t.is(outcomes.flatMap(({notes = []}) => notes).length, options.notes);
			t.deepEqual(
				readdirSync(folder).filter(name => name !== '.zdsock.d'),
				['zdsock'],
			);
			if (winner) await tell(winner, {});
			t.false(readdirSync(folder).includes('zdsock'));
		}
	});

hasOneWinner('of eight that claim an absent socket at once exactly one wins', {
	prepare() {},
	notes: 0,
});
hasOneWinner('of eight that claim a stale socket at once exactly one wins', {
	prepare: makeStaleSocket,
	notes: 1,
});

test('a killed winner leaves a stale socket, which the next one takes', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const [first, second] = await Promise.all([forkRival(t), forkRival(t)]);
	t.true((await tell<Outcome>(first, {path: socketPath})).won);
	first.kill('SIGKILL');
	await once(first, 'exit');
	t.true(lstatSync(socketPath).isSocket());
	t.like(await tell<Outcome>(second, {path: socketPath}), {
		won: true,
		notes: [`Unlinking stale socket ${socketPath}; sleep 1`],
	});
});

test('a holder that is killed while it is asked is not taken for one that is up', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const [first, second] = await Promise.all([forkRival(t), forkRival(t)]);
	t.true((await tell<Outcome>(first, {path: socketPath})).won);
	first.kill('SIGSTOP');
	const claimed = tell<Outcome>(second, {path: socketPath});
	await sleep(500);
	first.kill('SIGKILL');
	t.like(await claimed, {won: true, notes: [`Unlinking stale socket ${socketPath}; sleep 1`]});
});

test('a takeover waits for one that is under way', async t => {
	const folder = temporaryFolder(t);
	const socketPath = `${folder}/zdsock`;
	await makeStaleSocket(socketPath);
	mkdirSync(runDirectoryOf(socketPath), {mode: 0o700});
	const script = `echo held; sleep 1.5; touch ${folder}/done`;
	const holder = spawn('flock', [`${runDirectoryOf(socketPath)}/lock`, 'sh', '-c', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	t.teardown(() => holder.kill('SIGKILL'));
	await once(holder.stdout, 'data');
	const rival = await forkRival(t);
	t.true((await tell<Outcome>(rival, {path: socketPath})).won);
	t.true(existsSync(`${folder}/done`));
});

test("defect 3: another user's socket is never removed", async t => {
	const folder = temporaryFolder(t);
	const socketPath = `${folder}/zdsock`;
	await makeStaleSocket(socketPath);
	chmodSync(socketPath, 0o000);
	const {ino} = lstatSync(socketPath);
	const [file = '', ...words] = withoutCapabilities([process.execPath, fixture, module_]);
	const rival = spawn(file, words, {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
	t.teardown(() => rival.kill('SIGKILL'));
	await once(rival, 'message');
	t.like(await tell<Outcome>(rival, {path: socketPath}), {won: false, code: 'PERMISSION'});
	t.is(lstatSync(socketPath).ino, ino);
	t.deepEqual(readdirSync(folder), ['zdsock']);
});
