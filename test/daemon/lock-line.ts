import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createLockLine} from '../../src/daemon/lock-line.js';
import {takeLocks} from '../../src/guard/lock.js';
import {isLockFree} from '../helpers/is-lock-free.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/transcript.js';

const prepare = (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	const line = createLockLine();
	t.teardown(line.leave);
	const target = (name: string) => ({lock: path.join(folder, name), shared: false});
	return {line, one: target('one'), other: target('other')};
};

test('what was begun is had when it is needed', async t => {
	const {line, one} = prepare(t);
	line.begin([one]);
	await waitFor('the lock', () => !isLockFree(one.lock));
	const result = await line.lock([one]);
	if (result.result !== 'locked') return t.fail(result.result);
	t.false(isLockFree(one.lock));
	line.leave();
	t.false(isLockFree(one.lock), 'it is the caller who has it now');
	result.locks.close();
	t.true(isLockFree(one.lock));
});

test('what was begun and is not what is needed is let go', async t => {
	const {line, one, other} = prepare(t);
	line.begin([one]);
	const result = await line.lock([other]);
	t.is(result.result, 'locked');
	t.true(isLockFree(one.lock));
	if (result.result === 'locked') result.locks.close();
});

test('what was begun is let go by whoever leaves', async t => {
	const {line, one} = prepare(t);
	line.begin([one]);
	await waitFor('the lock', () => !isLockFree(one.lock));
	line.leave();
	t.true(isLockFree(one.lock));
});

test('what somebody else has is told as held', async t => {
	const {line, one} = prepare(t);
	const theirs = await takeLocks([one]);
	line.begin([one]);
	t.deepEqual(await line.lock([one]), {result: 'held', lock: one.lock});
	if (theirs.result === 'locked') theirs.locks.close();
});

test('a place in the line is worth the lock when that becomes free', async t => {
	const {line, one} = prepare(t);
	const former = await line.lock([one]);
	if (former.result !== 'locked') return t.fail(former.result);
	line.join([one]);
	const waiting = line.lock([one]);
	former.locks.close();
	const result = await waiting;
	t.is(result.result, 'locked');
	if (result.result === 'locked') result.locks.close();
});
