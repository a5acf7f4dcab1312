import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	closeSync,
	existsSync,
	openSync,
	renameSync,
	rmSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {fakeSession, reached, run} from '../helpers/fake-system.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const storageAt = (file: string) =>
	({
		...{name: 'main', type: 'filestorage', path: file, blobDirectory: undefined},
		...{readOnly: false, create: false},
	}) as const;

const serverOf = (file: string) => ({
	confPath: undefined,
	zeo: {
		address: {family: 'inet', host: '', port: 8100},
		...{readOnly: false, transactionTimeout: undefined, pidFilename: undefined, tls: undefined},
	} as const,
	storages: [storageAt(file)],
	hasEventLog: true,
});

/** A program that has a data file open, and another file. */
const holder = async (t: ExecutionContext, command: readonly string[] = ['sleep', '1000']) => {
	const folder = temporaryFolder(t);
	const [data, other] = [path.join(folder, 'Data.fs'), path.join(folder, 'other')];
	writeFileSync(data, 'FS30 and more');
	writeFileSync(other, 'x');
	const descriptors = [data, other].map(file => openSync(file, 'r+'));
	const [file = '', ...words] = command;
	const child: ChildProcess = spawn(file, words, {
		detached: true,
		stdio: ['ignore', 'ignore', 'ignore', ...descriptors],
	});
	for (const descriptor of descriptors) closeSync(descriptor);
	t.teardown(() => process.kill(-(child.pid ?? 0), 'SIGKILL'));
	await once(child, 'spawn');
	const session = fakeSession(runningStatus({pid: child.pid ?? null}), {reply: 'stopping'});
	const stop = (...words: readonly string[]) => stopServing(serverOf(data), ...words);
	const stopServing = (
		server: ReturnType<typeof serverOf> | undefined,
		...words: readonly string[]
	) => {
		session.feed.push(runningStatus({pid: null, state: 'stopped', wanted: 'down'}));
		session.feed.end();
		const contact = reached(session);
		return run(words, {contact, resolveServer: () => server});
	};
	return {data, other, folder, pid: child.pid, stop, stopServing, session};
};

for (const verb of ['stop', 'restart']) {
	test(`${verb} is refused where it would end a database that has no name any more`, async t => {
		const {data, stop, session} = await holder(t);
		unlinkSync(data);
		const {code, stderr} = await stop(verb);
		t.is(code, 1);
		t.regex(stderr, new RegExp(`^Error: cannot ${verb} the program: the database '`));
		t.regex(
			stderr,
			/would be lost for good\nnext: zeoctl -p 'sleep 100' rescue; .* stop --give-up/,
		);
		t.deepEqual(session.asked, []);
	});
}

for (const signal of ['TERM', '9', 'SIGHUP', 'USR1', '']) {
	test(`kill ${signal} is refused, too`, async t => {
		const {data, stop} = await holder(t);
		unlinkSync(data);
		const {code, stderr} = await stop('kill', ...(signal === '' ? [] : [signal]));
		t.is(code, 1);
		t.regex(stderr, /^Error: cannot kill the program: the database '/);
		t.regex(stderr, /rescue; /);
	});
}

for (const words of [['USR2'], ['SIGCONT'], ['TERM', '--give-up-deleted'], ['--give-up-deleted']]) {
	test(`kill ${words.join(' ')} is sent all the same`, async t => {
		const {data, stop} = await holder(t);
		unlinkSync(data);
		const {code, stderr} = await stop('kill', ...words);
		t.is(code, 0, stderr);
	});
}

test('a database that is given up is stopped', async t => {
	const {data, stop, session} = await holder(t);
	unlinkSync(data);
	t.is((await stop('stop', '--give-up-deleted')).code, 0);
	t.deepEqual(session.asked, [{request: 'stop'}]);
});

test('a file that is no database may go', async t => {
	const {other, stop, session} = await holder(t);
	unlinkSync(other);
	t.is((await stop('stop')).code, 0);
	t.deepEqual(session.asked, [{request: 'stop'}]);
});

test('a database with another name is not lost', async t => {
	const {data, folder, stop} = await holder(t);
	renameSync(data, path.join(folder, 'moved.fs'));
	t.is((await stop('stop')).code, 0);
});

test('a database with another one in its place is lost all the same', async t => {
	const {data, stop} = await holder(t);
	unlinkSync(data);
	writeFileSync(data, 'FS30');
	const {code, stderr} = await stop('stop');
	t.is(code, 1);
	t.regex(stderr, /another file is in its place/);
});

for (const verb of ['stop', 'restart', 'kill']) {
	test(`${verb} is refused for a deleted database that the conf does not name`, async t => {
		const {data, folder, stopServing, session} = await holder(t);
		rmSync(folder, {recursive: true});
		const {code, stderr} = await stopServing(undefined, verb);
		t.is(code, 1);
		t.true(
			stderr.startsWith(
				`Error: cannot ${verb} the program: the database '${data}' has been deleted, and lives`,
			),
			stderr,
		);
		t.deepEqual(session.asked, []);
	});
}

test('a database is not lost with the script that runs its server', async t => {
	const {data, pid, stop} = await holder(t, ['sh', '-c', 'sleep 1000 & exec 3>&- 4>&-; wait']);
	await waitFor('the script', () => !existsSync(`/proc/${pid}/fd/3`));
	unlinkSync(data);
	const {code, stderr} = await stop('stop');
	t.is(code, 1);
	t.regex(stderr, /the database '.*Data\.fs' has been deleted/);
});

test('the copy of a pack may go', async t => {
	const {data, folder, stopServing} = await holder(t);
	const pack = path.join(folder, 'Data.fs.pack');
	renameSync(data, pack);
	unlinkSync(pack);
	t.is((await stopServing(undefined, 'stop')).code, 0);
});

test('a program that has gone holds nothing', async t => {
	const session = fakeSession(runningStatus({pid: 2 ** 22 + 1}), {reply: 'stopping'});
	session.feed.push(runningStatus({pid: null, state: 'stopped', wanted: 'down'}));
	session.feed.end();
	t.is((await run(['stop'], {contact: reached(session)})).code, 0);
});
