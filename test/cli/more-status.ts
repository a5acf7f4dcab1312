import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {serverOf} from '../helpers/databases.js';
import {fakeSession, reached, run} from '../helpers/fake-system.js';
import {begin} from '../helpers/guarded.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

/** A server that has this file open when it is deleted, if any. */
const startServer = async (t: ExecutionContext, opened: string | undefined): Promise<number> => {
	const script = opened === undefined ? 'exec sleep 600' : 'exec 3<>"$0"; exec sleep 600';
	const server = begin(t, ['sh', '-c', script, ...(opened === undefined ? [] : [opened])]);
	t.teardown(() => server.kill('SIGKILL'));
	if (opened !== undefined) {
		await waitFor('the file to be open', () => existsSync(`/proc/${server.pid}/fd/3`));
		rmSync(opened);
	}
	return server.pid ?? 0;
};

/** The alarms about files of a server whose health nobody watches. */
const alarmsOf = async (pid: number, data: string) => {
	const {stdout} = await run(['status', '--json'], {
		contact: reached(fakeSession(runningStatus({pid}))),
		resolveServer: () => serverOf({path: data}),
	});
	const {alarms}: {readonly alarms: readonly {readonly alarm: string}[]} = JSON.parse(stdout);
	return alarms.map(({alarm}) => alarm).filter(alarm => alarm.endsWith('-file'));
};

test('a database that was deleted before anything was recorded of it is noticed', async t => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(data, 'FS30');
	t.deepEqual(await alarmsOf(await startServer(t, data), data), ['deleted-file']);
});

test('a database that has never been there is none that was deleted', async t => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	t.deepEqual(await alarmsOf(await startServer(t, undefined), data), []);
});

test('a database that was deleted and replaced under a server that a script runs is noticed', async t => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(data, 'FS30');
	const server = 'exec 3<>"$0"; echo open; exec sleep 600';
	const script = spawn('sh', ['-c', `sh -c '${server}' "$0" & wait`, data], {detached: true});
	const {pid = 0} = script;
	t.teardown(() => process.kill(-pid, 'SIGKILL'));
	await once(script.stdout, 'data');
	t.deepEqual(await alarmsOf(pid, data), []);
	rmSync(data);
	writeFileSync(data, 'FS30');
	t.deepEqual(await alarmsOf(pid, data), ['deleted-file']);
});
