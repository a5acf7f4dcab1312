import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {serverOf} from '../helpers/databases.js';
import {fakeSession, reached, run, type Scene} from '../helpers/fake-system.js';
import {begin} from '../helpers/guarded.js';
import {isLockFree} from '../helpers/is-lock-free.js';
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

/** A status of an instance that does not run, while somebody has the lock of ZODB on its database. */
const besideServer = async (t: ExecutionContext, scene: Scene & {readonly isDeleted?: boolean}) => {
	const data = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(data, 'FS30');
	const script = 'exec 3<>"$0" 4>"$0.lock"; flock 4; exec sleep 600';
	const server = begin(t, ['sh', '-c', script, data]);
	t.teardown(() => server.kill('SIGKILL'));
	await waitFor('the lock', () => existsSync(`${data}.lock`) && !isLockFree(`${data}.lock`));
	if (scene.isDeleted) rmSync(data);
	const {stdout} = await run(['status', ...(scene.terminal ? [] : ['--json'])], {
		resolveServer: () => serverOf({path: data}),
		...scene,
	});
	return {stdout, data, pid: server.pid};
};

test('a status names the server that has the database, for which a start would be refused', async t => {
	const {stdout, data, pid} = await besideServer(t, {});
	const {state, alarms} = JSON.parse(stdout);
	t.is(state, 'not-running');
	t.like(alarms, [{alarm: 'in-use', level: 'alarm', since: null}]);
	t.regex(
		alarms[0].text,
		new RegExp(
			`^a start would be refused: the database '${data}' is in use by process ${pid} of user `,
		),
	);
	t.regex(alarms[0].advice, new RegExp(` kill ${pid}$`));
});

test('a person is not told to start what would be refused, nor to end who has a deleted database', async t => {
	const {stdout, data} = await besideServer(t, {
		...{terminal: true, isDeleted: true, environment: {NO_COLOR: '1'}},
	});
	t.regex(
		stdout,
		new RegExp(`^ {2}alarm {4}a start .*: the database '${data}' has been deleted`, 'm'),
	);
	t.regex(stdout, /do not end it before this: zeoctl .*rescue$/m);
	t.notRegex(stdout, / kill | start$/m);
});
