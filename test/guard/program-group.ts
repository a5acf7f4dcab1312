import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {listGroup} from '../../src/guard/program-group.js';

test('a program without children is alone', t => {
	const child = spawn('sleep', ['600'], {detached: true});
	t.teardown(() => child.kill('SIGKILL'));
	t.deepEqual(listGroup(child.pid ?? 0), [child.pid]);
});

test('the children of a script belong to it', async t => {
	const child = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], {detached: true});
	const [line] = await once(child.stdout, 'data');
	const {pid = 0} = child;
	t.teardown(() => {
		for (const member of listGroup(pid)) process.kill(member, 'SIGKILL');
	});
	t.deepEqual(listGroup(pid).toSorted(), [pid, Number(line)].toSorted());
});
