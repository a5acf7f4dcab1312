import test from 'ava';
import {planLocks, programLockOf} from '../../src/guard/plan-locks.js';

const programLock = programLockOf('/run/zeo');

test('a program without a database holds its own lock for life', t => {
	t.deepEqual(planLocks([], programLock), {
		targets: [{lock: '/run/zeo/program.lock', shared: false, unlocked: false}],
		lifeLock: '/run/zeo/program.lock',
	});
});

test('a database of its own is held for life, and the program lock only marks', t => {
	const files = [
		{file: '/srv/a.fs', readOnly: true},
		{file: '/srv/b.fs', readOnly: false},
	];
	t.deepEqual(planLocks(files, programLock), {
		targets: [
			{lock: '/srv/a.fs.zeoctl-lock', shared: true},
			{lock: '/srv/b.fs.zeoctl-lock', shared: false},
			{lock: '/run/zeo/program.lock', shared: false, unlocked: true},
		],
		lifeLock: '/srv/b.fs.zeoctl-lock',
	});
});

test('databases that are shared with other readers are not held for life', t => {
	const {targets, lifeLock} = planLocks([{file: '/srv/a.fs', readOnly: true}], programLock);
	t.is(lifeLock, programLock);
	t.like(targets.at(-1), {lock: programLock, unlocked: false});
});
