import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {isGroupAlive, untilGroupGone} from '../../src/program/process-group.js';
import {programPath} from '../helpers/transcript.js';

const runFile = promisify(execFile);

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

test('a group lives as long as its last member', async t => {
	const {leader, group} = startGroup(t);
	t.true(isGroupAlive(group));
	const ended = once(leader, 'exit');
	leader.stdin?.end('\n');
	await ended;
	t.true(isGroupAlive(group), 'the leader has left, its child has not');
	endGroup(group);
	await untilGroupGone(group);
	t.false(isGroupAlive(group));
});

test('without descriptors to look with, a group that takes signals counts as alive', async t => {
	const script = programPath('looks-without-descriptors');
	const {stdout} = await runFile('sh', [
		'-c',
		`ulimit -n 64; exec '${process.execPath}' '${script}'`,
	]);
	t.is(stdout, 'alive\n');
});

test('asking for a group that is gone leaves errors their stacks', t => {
	t.false(isGroupAlive(2 ** 30));
	t.regex(new Error('later').stack ?? '', /process-group/);
});
