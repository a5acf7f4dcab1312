import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {isGroupAlive, untilGroupGone} from '../../src/program/process-group.js';

/** A leader that leaves with the first line that it reads, and a member that stays as long as it is allowed to. */
const startGroup = (
	t: ExecutionContext,
): {readonly leader: ChildProcess; readonly group: number} => {
	const leader = spawn('sh', ['-c', 'sleep 600 & read line'], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	const group = leader.pid ?? 0;
	t.teardown(() => endGroup(group));
	return {leader, group};
};

const endGroup = (group: number): void => {
	try {
		process.kill(-group, 'SIGKILL');
	} catch {
		// It has ended.
	}
};

const followsTheLastMember = test.macro(async (t, isAlive: (group: number) => boolean) => {
	const {leader, group} = startGroup(t);
	t.true(isAlive(group));
	const ended = once(leader, 'exit');
	leader.stdin?.end('\n');
	await ended;
	t.true(isAlive(group), 'the leader has left, its child has not');
	endGroup(group);
	await untilGroupGone(group);
	t.false(isAlive(group));
});

test('a group lives as long as its last member', followsTheLastMember, group =>
	isGroupAlive(group),
);
test('the same is found with documented calls alone', followsTheLastMember, group =>
	isGroupAlive(group, {}),
);

test('this version of Node has the call that makes no exception', t => {
	t.is(typeof Reflect.get(process, '_kill'), 'function');
});
