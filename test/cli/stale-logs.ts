import {closeSync, openSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findStaleLogs} from '../../src/cli/stale-logs.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a log is stale while it is written to under another name', t => {
	const log = path.join(temporaryFolder(t), 'zeo.log');
	const find = () => findStaleLogs(process.pid, [log]);
	const fd = openSync(log, 'a');
	t.teardown(() => closeSync(fd));
	t.deepEqual(find(), []);
	renameSync(log, `${log}.1`);
	t.deepEqual(find(), [`${log}.1`]);
	renameSync(`${log}.1`, `${log}-20261123`);
	t.deepEqual(find(), [`${log}-20261123`]);
	rmSync(`${log}-20261123`);
	t.deepEqual(find(), [`${log}-20261123 (deleted)`]);
});

test('other files with a longer name are not', t => {
	const folder = temporaryFolder(t);
	const [log, debug, data] = ['zeo', 'zeo.1', 'zeo.fs'].map(name => path.join(folder, name));
	for (const file of [log, debug, data]) {
		const fd = openSync(file ?? '', 'a');
		t.teardown(() => closeSync(fd));
	}
	t.deepEqual(findStaleLogs(process.pid, [log ?? '', debug ?? '']), []);
});

test('of a process that is gone nothing is known', t => {
	t.deepEqual(findStaleLogs(0, ['/srv/zeo.log']), []);
});
