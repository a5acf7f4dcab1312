import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {serverOf} from '../helpers/databases.js';
import {fakeSession, reached, run} from '../helpers/fake-system.js';
import {begin} from '../helpers/guarded.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

/** The alarms about files of a server whose health nobody watches, and which has this file open, if any. */
const alarmsOf = async (t: ExecutionContext, data: string, opened: string | undefined) => {
	const script = opened === undefined ? 'exec sleep 600' : 'exec 3<>"$0"; exec sleep 600';
	const server = begin(t, ['sh', '-c', script, ...(opened === undefined ? [] : [opened])]);
	t.teardown(() => server.kill('SIGKILL'));
	if (opened !== undefined) {
		await waitFor('the file to be open', () => existsSync(`/proc/${server.pid}/fd/3`));
		rmSync(opened);
	}
	const {stdout} = await run(['status', '--json'], {
		contact: reached(fakeSession(runningStatus({pid: server.pid ?? null}))),
		resolveServer: () => serverOf({path: data}),
	});
	const {alarms}: {readonly alarms: readonly {readonly alarm: string}[]} = JSON.parse(stdout);
	return alarms.map(({alarm}) => alarm).filter(alarm => alarm.endsWith('-file'));
};

test('a database that was deleted before anything was recorded of it is noticed', async t => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(data, 'FS30');
	t.deepEqual(await alarmsOf(t, data, data), ['deleted-file']);
});

test('a database that has never been there is none that was deleted', async t => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	t.deepEqual(await alarmsOf(t, data, undefined), []);
});
