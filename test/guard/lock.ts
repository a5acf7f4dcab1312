import {spawn} from 'node:child_process';
import {
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {awaitLocks, takeLocks} from '../../src/guard/lock.js';
import {isLockFree} from '../helpers/is-lock-free.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const descriptorsOf = (file: string): number =>
	readdirSync('/proc/self/fd').filter(fd => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`) === file;
		} catch {
			return false;
		}
	}).length;

const place = (t: ExecutionContext, ...names: readonly string[]) => {
	const folder = temporaryFolder(t);
	return names.map(name => ({lock: path.join(folder, name), shared: false}));
};

const take = async (t: ExecutionContext, targets: Parameters<typeof takeLocks>[0]) => {
	const result = await takeLocks(targets);
	if (result.result !== 'locked') throw new Error(JSON.stringify(result));
	t.teardown(() => result.locks.close());
	return result.locks;
};

test('a lock is ours until it is closed, and its file stays, empty and private', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const locks = await take(t, [target]);
	t.false(isLockFree(target.lock));
	locks.close();
	t.true(isLockFree(target.lock));
	t.is(statSync(target.lock).size, 0);
	t.is(statSync(target.lock).mode & 0o777, 0o600);
});

test('who inherits the descriptor has the lock for life', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const locks = await take(t, [target]);
	const child = spawn('sleep', ['100'], {
		stdio: ['ignore', 'ignore', 'ignore', ...locks.descriptors],
	});
	t.teardown(() => child.kill('SIGKILL'));
	locks.close();
	t.false(isLockFree(target.lock));
	const ended = new Promise(resolve => child.once('exit', resolve));
	child.kill('SIGKILL');
	await ended;
	t.true(isLockFree(target.lock));
});

test('several locks are taken together, or none, and the held one is named', async t => {
	const targets = place(t, 'a', 'b', 'c');
	const [first, second] = targets;
	if (first === undefined || second === undefined) throw new Error('two are needed');
	const other = await take(t, [second]);
	t.deepEqual(await takeLocks(targets), {result: 'held', lock: second.lock});
	t.true(isLockFree(first.lock));
	other.close();
	await take(t, targets);
	t.deepEqual(
		targets.map(({lock}) => isLockFree(lock)),
		[false, false, false],
	);
});

test('readers share a lock, a writer beside them is refused', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const shared = {...target, shared: true};
	await take(t, [shared]);
	await take(t, [shared]);
	t.is((await takeLocks([target])).result, 'held');
});

test('a lock that only marks is not taken', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const locks = await take(t, [{...target, unlocked: true}]);
	t.is(locks.descriptors.length, 1);
	t.true(isLockFree(target.lock));
});

test('who holds a lock for an instant is waited for', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const child = spawn('flock', [target.lock, 'sh', '-c', 'echo; sleep 0.2'], {stdio: 'pipe'});
	await new Promise(resolve => child.stdout.once('data', resolve));
	await take(t, [target]);
	t.pass();
});

test('a symbolic link in the place of a lock is refused', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	symlinkSync('/etc/passwd', target.lock);
	t.like(await takeLocks([target]), {result: 'unusable', reason: 'it is a symbolic link'});
});

test('a lock that was waited for is ours as soon as it is free', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const other = await take(t, [target]);
	const awaited = awaitLocks([target]);
	t.teardown(() => awaited.cancel());
	setTimeout(() => other.close(), 100);
	const locks = await awaited.take();
	t.truthy(locks);
	t.false(isLockFree(target.lock));
	locks?.close();
	t.true(isLockFree(target.lock));
});

test('a wait that is given up leaves neither lock nor descriptor behind', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	const other = await take(t, [target]);
	const awaited = awaitLocks([target]);
	t.is(await awaited.take(), undefined);
	t.is(descriptorsOf(target.lock), 1);
	other.close();
	t.is(descriptorsOf(target.lock), 0);
	t.true(isLockFree(target.lock));
});

test('a wait for several locks that is given up leaves no process behind', async t => {
	const targets = place(t, 'a', 'b');
	await take(t, targets);
	const awaited = awaitLocks(targets);
	const waiting = () => processesThatHave(targets[0]?.lock ?? '');
	await waitFor('the wait', () => waiting().some(comm => comm === 'flock'));
	awaited.cancel();
	await waitFor('the end of the wait', () => waiting().length === 0);
	t.pass();
});

/** The names of other processes that have a file open. */
const processesThatHave = (file: string): readonly string[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
		.flatMap(pid => {
			try {
				const descriptors = readdirSync(`/proc/${pid}/fd`);
				const has = descriptors.some(fd => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
				return has ? [readFileSync(`/proc/${pid}/comm`, 'utf8').trim()] : [];
			} catch {
				return [];
			}
		});

test('a folder that may not be written to is told by its reason', async t => {
	const [target = {lock: '', shared: false}] = place(t, 'a');
	writeFileSync(`${target.lock}-file`, '');
	const result = await takeLocks([{lock: `${target.lock}-file/lock`, shared: false}]);
	t.like(result, {result: 'unusable', reason: 'ENOTDIR'});
});
