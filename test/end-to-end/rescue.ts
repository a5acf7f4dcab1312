import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Alarm} from '../../src/control/messages.js';
import type {HistoryRecord} from '../../src/history/history.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {nobody, publicPlace} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {
	projectRoot,
	type Result,
	runCommand,
	startCommand,
	zeoctl,
	zeoctlFile,
} from '../helpers/zeoctl.js';

/** All transactions of a file, as ZODB itself reads it. */
const listTransactions = `
import sys
from ZODB.FileStorage import FileStorage
storage = FileStorage(sys.argv[1])
print(*(record.tid.hex() for record in storage.iterator()), sep='\\n')
storage.close()
`;

type Status = {
	readonly pid: number | null;
	readonly manager: number | null;
	readonly alarms: readonly Alarm[];
};

type Copy = {
	readonly target: string;
	readonly transactions: number;
	readonly lastTransaction: string;
	readonly next: readonly {readonly command: string | null}[];
};

type Server = {
	readonly folder: string;
	readonly python: string;
	readonly port: number;
	readonly data: string;
	run(...words: readonly string[]): Promise<Result>;
	status(): Promise<Status>;
	history(): Promise<readonly HistoryRecord[]>;
};

/** A real server under supervision; undefined where there is none to be had. */
const startServer = async (t: ExecutionContext, sections: string): Promise<Server | undefined> => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const data = path.join(folder, 'Data.fs');
	const server = `<zeo>\naddress 127.0.0.1:${port}\n</zeo>\n<filestorage main>\npath ${data}\n</filestorage>\n`;
	const program = `${path.join(path.dirname(python), 'runzeo')} -C ${folder}/server.conf`;
	writeFileSync(path.join(folder, 'server.conf'), server);
	writeFileSync(
		path.join(folder, 'zeo.conf'),
		`${server}<runner>\nprogram ${program}\nsocket-name ${folder}/s\n</runner>\n${sections}`,
	);
	const run = (...words: readonly string[]) =>
		zeoctl(t, ['-C', `${folder}/zeo.conf`, ...words], {cwd: folder});
	const {exitCode, stdout, stderr} = await run('start');
	t.is(exitCode, 0, stdout + stderr);
	return {
		folder,
		python,
		port,
		data,
		run,
		status: async () => JSON.parse((await run('status', '--json')).stdout),
		history: async () => JSON.parse((await run('history', '--json')).stdout).history,
	};
};

/** A client that commits without pause, and the ids that the server has acknowledged to it. */
const startWriting = (t: ExecutionContext, {python, port}: Server) => {
	const script = path.join(projectRoot, 'test/fixtures/programs/commits-numbers.py');
	const client = startCommand(t, [python, script, '127.0.0.1', String(port)], {limitMs: 170_000});
	const acknowledged = (): readonly string[] => client.stdout().split('\n').slice(0, -1);
	return {
		acknowledged,
		untilMore: async (count: number): Promise<void> => {
			const wanted = acknowledged().length + count;
			await waitFor(`${wanted} commits`, () => acknowledged().length >= wanted, 90_000);
		},
		async end() {
			client.kill('SIGKILL');
			await client.result;
		},
	};
};

const rescue = async (t: ExecutionContext, {run}: Server): Promise<Copy> => {
	const {exitCode, stdout, stderr} = await run('rescue', 'main', '--json');
	t.is(exitCode, 0, stdout + stderr);
	const [copy]: readonly Copy[] = JSON.parse(stdout).files;
	if (copy === undefined) throw new Error(stdout);
	return copy;
};

const transactionsOf = async (
	t: ExecutionContext,
	{python}: Server,
	file: string,
): Promise<readonly string[]> => {
	const {exitCode, stdout, stderr} = await runCommand(t, [python, '-c', listTransactions, file]);
	t.is(exitCode, 0, stderr);
	return stdout.trim().split('\n');
};

const kindsOf = (records: readonly HistoryRecord[]) =>
	records.map(record =>
		record.event === 'alarm'
			? record.alarm
			: record.event === 'decision'
				? record.decision
				: record.event,
	);

test.serial(
	'a deleted database is noticed, copied out while clients write, and put back without a loss',
	async t => {
		const server = await startServer(t, '<health>\ninterval 1s\n</health>\n');
		if (server === undefined) return;
		const {data, run, status, history} = server;
		const client = startWriting(t, server);
		await client.untilMore(20);
		unlinkSync(data);
		const alarm = await waitFor('the alarm', async () =>
			(await status()).alarms.find(each => each.alarm === 'deleted-file'),
		);
		t.regex(alarm.advice ?? '', /zeoctl .* rescue main$/);
		t.true(alarm.since > 0);

		await client.untilMore(20);
		const before = client.acknowledged();
		const first = await rescue(t, server);
		await client.untilMore(20);
		await client.end();
		const all = client.acknowledged();
		const found = await transactionsOf(t, server, first.target);
		t.is(found.length, first.transactions);
		t.is(found.at(-1), first.lastTransaction);
		t.deepEqual(
			before.filter(tid => !found.includes(tid)),
			[],
			'everything that was acknowledged before the copy began',
		);

		const second = await rescue(t, server);
		const complete = await transactionsOf(t, server, second.target);
		t.deepEqual(
			all.filter(tid => !complete.includes(tid)),
			[],
		);
		t.deepEqual(complete, complete.toSorted());
		t.log(
			`${all.length} commits, ${before.length} before the first copy, which has ${found.length}`,
		);

		for (const action of ['stop', 'restart']) {
			const refused = await run(action);
			t.is(refused.exitCode, 1, action);
			t.regex(refused.stderr, /the database '.*' has been deleted, .* lost for good\nnext: /);
		}
		t.is((await status()).alarms[0]?.alarm, 'deleted-file');
		t.is((await run('stop', '--give-up-deleted')).exitCode, 0);
		const named = await run('start');
		t.is(named.exitCode, 1);
		t.true(named.stderr.includes(second.target), named.stderr);
		const move = second.next.find(({command}) => command?.startsWith('mv ')) ?? {command: null};
		execFileSync('sh', ['-c', move.command ?? 'false']);
		const started = await run('start');
		t.is(started.exitCode, 0, started.stderr);
		t.deepEqual((await status()).alarms, []);
		t.is((await run('stop')).exitCode, 0);
		const after = await transactionsOf(t, server, data);
		t.deepEqual(after, complete);
		const kinds = kindsOf(await history());
		for (const kind of ['deleted-file', 'rescue', 'start', 'end'])
			t.true(kinds.includes(kind), kind);
	},
);

test.serial(
	'without a health section and without a supervisor a deleted database is seen and copied, too',
	async t => {
		const server = await startServer(t, '');
		if (server === undefined) return;
		const {folder, data, run, status} = server;
		const client = startWriting(t, server);
		await client.untilMore(5);
		await client.end();
		t.deepEqual((await status()).alarms, []);
		unlinkSync(data);
		t.is((await status()).alarms[0]?.alarm, 'deleted-file');
		const {manager} = await status();
		if (manager === null) return t.fail('no supervisor');
		process.kill(manager, 'SIGKILL');
		await waitFor('the end of the supervisor', async () => (await status()).manager === null);
		t.is((await status()).alarms[0]?.alarm, 'deleted-file');

		const live = await run('rescue', '--to', data);
		t.is(live.exitCode, 2);
		t.regex(live.stderr, /another file open/);
		t.false(existsSync(data));
		const to = path.join(folder, 'copy');
		const copied = await run('rescue', '--to', to);
		t.is(copied.exitCode, 0, copied.stderr);
		t.is((await run('rescue', '--to', to)).exitCode, 1, 'nothing is overwritten');
		const found = await transactionsOf(t, server, to);
		t.deepEqual(
			client.acknowledged().filter(tid => !found.includes(tid)),
			[],
		);
		t.deepEqual(
			readdirSync(folder).filter(name => name.endsWith('.part')),
			[],
		);
		t.is((await run('stop')).exitCode, 1);
		await run('stop', '--give-up-deleted');
		const gone = await run('rescue');
		t.is(gone.exitCode, 1);
		t.regex(gone.stderr, /no process is seen that has the database open/);
	},
);

test.serial(
	'a deleted database that is still empty is put back by the printed commands',
	async t => {
		const server = await startServer(t, '');
		if (server === undefined) return;
		const {data, status, run} = server;
		await waitFor('the ledger', () => existsSync(`${data}.zeoctl`));
		unlinkSync(data);
		const {next} = await rescue(t, server);
		for (const {command} of next) {
			if (command === null || command.includes(' rescue ')) continue;
			const script = `zeoctl() { '${process.execPath}' '${zeoctlFile}' "$@"; }; ${command}`;
			const {exitCode, stdout, stderr} = await runCommand(t, ['sh', '-c', script]);
			t.is(exitCode, 0, `${command}\n${stdout}${stderr}`);
		}
		t.deepEqual((await status()).alarms, []);
		t.is((await run('stop')).exitCode, 0);
	},
);

/** Two storages of one base name behind a real server, with everything in one conf or in two. */
const startTwo = async (t: ExecutionContext, {isOneConf}: {readonly isOneConf: boolean}) => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const at = (name: string): string => path.join(folder, name);
	for (const name of ['va', 'vb']) {
		mkdirSync(at(name));
		await runCommand(t, [python, '-c', createDatabase, at(`${name}/Data.fs`), `of ${name}`]);
	}
	const storages = ['va', 'vb']
		.map(name => `<filestorage ${name}>\npath ${at(name)}/Data.fs\n</filestorage>\n`)
		.join('');
	const server = `<zeo>\naddress 127.0.0.1:${port}\n</zeo>\n${storages}`;
	writeFileSync(at('server.conf'), server);
	const program = `${path.join(path.dirname(python), 'runzeo')} -C ${folder}/server.conf`;
	const runner = `<runner>\nprogram ${program}\nsocket-name ${folder}/s\n</runner>\n`;
	writeFileSync(at('zeo.conf'), isOneConf ? server + runner : runner);
	const run = (...words: readonly string[]) =>
		zeoctl(t, ['-C', at('zeo.conf'), ...words], {cwd: folder});
	const {exitCode, stdout, stderr} = await run('start');
	t.is(exitCode, 0, stdout + stderr);
	await waitFor(
		'both ledgers',
		() => readdirSync(at('.s.d')).filter(name => name.startsWith('ledger-')).length === 2,
	);
	const descriptionOf = async (file: string): Promise<string> =>
		(await runCommand(t, [python, '-c', readDescription, file])).stdout.trim();
	const alarms = async (): Promise<readonly string[]> =>
		JSON.parse((await run('status', '--json')).stdout).alarms.map(
			({alarm}: Pick<Alarm, 'alarm'>) => alarm,
		);
	return {at, run, descriptionOf, alarms};
};

const createDatabase = `
import sys, transaction
from ZODB import DB
database = DB(sys.argv[1])
with database.transaction(sys.argv[2]) as connection:
    connection.root()['x'] = 1
database.close()
`;

const readDescription = `
import sys
from ZODB.FileStorage import FileStorage
storage = FileStorage(sys.argv[1], read_only=True)
print([record.description.decode() for record in storage.iterator()][-1])
storage.close()
`;

test.serial('a database whose folder is deleted is noticed, kept, and copied out', async t => {
	const server = await startTwo(t, {isOneConf: false});
	if (server === undefined) return;
	const {at, run, descriptionOf, alarms} = server;
	t.deepEqual(await alarms(), []);
	rmSync(at('va'), {recursive: true});
	t.deepEqual(await alarms(), ['deleted-file']);
	const doctor = await run('doctor', 'data', 'locks');
	t.regex(doctor.stdout, /va\/Data\.fs' has been deleted/);
	for (const action of ['stop', 'restart', 'kill']) {
		const refused = await run(action);
		t.is(refused.exitCode, 1, action);
		t.regex(refused.stderr, /the database '.*va\/Data\.fs' has been deleted/);
	}
	t.is((await run('rescue')).exitCode, 1, 'there is no folder for the copy');
	const copied = await run('rescue', 'va', '--to', at('copy'));
	t.is(copied.exitCode, 0, copied.stderr);
	t.regex(
		copied.stdout,
		/(?:mkdir -p|install -d -o \S+) .*\/va\n.* stop --give-up-deleted\n.*mv -n .*copy .*va\/Data\.fs\n/s,
	);
	t.is(await descriptionOf(at('copy')), 'of va');
	t.is((await run('stop', '--give-up-deleted')).exitCode, 0);
});

test.serial('with everything in one conf the database is copied out, too', async t => {
	const server = await startTwo(t, {isOneConf: true});
	if (server === undefined) return;
	const {at, run, descriptionOf} = server;
	rmSync(at('va'), {recursive: true});
	for (const action of ['status', 'stop', 'start']) {
		const {exitCode, stdout, stderr} = await run(action, '--json');
		t.is(exitCode, 2, stdout + stderr);
		t.is(
			JSON.parse(stdout).error.hint,
			`do not end the server that runs before this: zeoctl -C ${at('zeo.conf')} rescue`,
		);
	}
	const copied = await run('rescue', 'va', '--to', at('copy'));
	t.is(copied.exitCode, 0, copied.stderr);
	t.is(await descriptionOf(at('copy')), 'of va');
	mkdirSync(at('va'));
	t.is((await run('stop', '--give-up-deleted')).exitCode, 0);
});

test.serial('databases of one base name are not taken for one another', async t => {
	const server = await startTwo(t, {isOneConf: false});
	if (server === undefined) return;
	const {at, run, descriptionOf, alarms} = server;
	renameSync(at('va'), at('one'));
	renameSync(at('vb'), at('other'));
	t.deepEqual(await alarms(), ['moved-file', 'moved-file']);
	for (const name of ['va', 'vb']) {
		const {exitCode, stderr} = await run('rescue', name, '--to', at(`copy-${name}`));
		t.is(exitCode, 0, stderr);
		t.is(await descriptionOf(at(`copy-${name}`)), `of ${name}`);
	}

	for (const file of readdirSync(at('.'), {encoding: 'utf8', recursive: true})) {
		if (/ledger-|\.zeoctl$/.test(file)) rmSync(at(file));
	}
	const unclear = await run('rescue', 'va', '--to', at('unclear'));
	t.is(unclear.exitCode, 1);
	t.regex(unclear.stderr, /whether its file is '.*' or '.*' cannot be told\nnext: .*--to/);
	const named = await run('rescue', at('other/Data.fs'), '--to', at('named'));
	t.is(named.exitCode, 0, named.stderr);
	t.notRegex(named.stdout, /mv -n/);
	t.is(await descriptionOf(at('named')), 'of vb');
	renameSync(at('one'), at('va'));
	renameSync(at('other'), at('vb'));
	t.deepEqual(await alarms(), []);

	renameSync(at('va/Data.fs'), at('va/Data.bak'));
	t.deepEqual(await alarms(), ['moved-file']);
	const doctor = await run('doctor', 'data', 'locks');
	t.regex(doctor.stdout, /writes to '.*va\/Data\.bak', not to '.*va\/Data\.fs'/);
	t.regex(doctor.stdout, /mv -n .*va\/Data\.bak .*va\/Data\.fs\n/);
	rmSync(at('va/Data.bak'));
	const refused = await run('stop');
	t.regex(refused.stderr, /the database '.*va\/Data\.fs' has been deleted/);
	t.is((await run('stop', '--give-up-deleted')).exitCode, 0);
});

test.serial('a health section misses a deleted database that only a script knows of', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const folder = temporaryFolder(t);
	const data = path.join(folder, 'Data.fs');
	const server = `<zeo>\naddress 127.0.0.1:${await findFreePort()}\n</zeo>\n<filestorage main>\npath ${data}\n</filestorage>\n`;
	writeFileSync(path.join(folder, 'server.conf'), server);
	const runzeo = path.join(path.dirname(python), 'runzeo');
	const script = `#!/bin/sh\n${runzeo} -C "$(echo ${folder}/server).conf" &\nwait\n`;
	writeFileSync(path.join(folder, 'serve'), script, {mode: 0o755});
	const conf = `<runner>\nprogram ${folder}/serve\nsocket-name ${folder}/s\n</runner>\n<health>\ninterval 1s\n</health>\n`;
	writeFileSync(path.join(folder, 'zeo.conf'), conf);
	const run = (...words: readonly string[]) => zeoctl(t, ['-C', `${folder}/zeo.conf`, ...words]);
	t.is((await run('start')).exitCode, 0);
	const alarms = async (): Promise<readonly Alarm[]> =>
		JSON.parse((await run('status', '--json')).stdout).alarms;
	await waitFor('the database', () => existsSync(`${data}.lock`) && existsSync(data));
	t.deepEqual(await alarms(), []);
	unlinkSync(data);
	const alarm = await waitFor('the alarm', async () => (await alarms())[0]);
	t.is(alarm.alarm, 'deleted-file');
	t.true(alarm.advice?.endsWith(` rescue ${data}`), alarm.advice ?? '');
	t.is((await run('stop', '--give-up-deleted')).exitCode, 0);
});

test.serial('how a real server ended is explained and kept', async t => {
	const server = await startServer(t, '');
	if (server === undefined) return;
	const {run, status, history} = server;
	const untilReplaced = (pid: number | null) =>
		waitFor('the next server', async () => {
			const now = await status();
			return now.pid !== null && now.pid !== pid ? now : undefined;
		});
	const untilServing = () =>
		waitFor('a server that serves', async () => {
			const {stdout} = await run('status', '--json');
			return JSON.parse(stdout).state === 'running';
		});
	const client = startWriting(t, server);
	await client.untilMore(3);
	await client.end();
	const {pid} = await status();
	if (pid === null) return t.fail('no pid');
	// Node reports a death by a real-time signal as exit status 0.
	await run('kill', '34');
	const next = await untilReplaced(pid);
	await untilServing();
	process.kill(next.pid ?? 0, 'SIGKILL');
	await untilReplaced(next.pid);
	await untilServing();
	t.is((await run('stop')).exitCode, 0);
	const ends = (await history()).flatMap(record => (record.event === 'end' ? [record] : []));
	t.like(ends[0], {pid, expected: false, isOrderly: false});
	t.regex(ends[0]?.description ?? '', /^exit status 0, but its log does not say/);
	t.false(ends[0]?.decision === 'leave');
	t.like(ends[1], {signal: 'SIGKILL', description: 'terminated by SIGKILL', expected: false});
	t.like(ends.at(-1), {
		code: 0,
		expected: true,
		decision: 'leave',
		isOrderly: true,
		unsavedIndexes: [],
	});
	const {stdout} = await run('history');
	t.regex(
		stdout,
		/ end {9}pid \d+: exit status 0, after .*, as asked, the supervisor left, index saved\n/,
	);
	t.regex(stdout, /\n {21}\| .*opening storage/);
	const {lastExit} = JSON.parse((await run('status', '--json')).stdout);
	t.like(lastExit, {code: 0, expected: true});
});

test('who may not see what the server has open is told to ask as root', async t => {
	const place = await publicPlace(t);
	if (place === undefined) return;
	const {folder, command} = place;
	const conf = path.join(folder, 'z.conf');
	writeFileSync(
		conf,
		`<zeo>\naddress ${folder}/zeo\n</zeo>\n<filestorage main>\npath ${folder}/data/Data.fs\n</filestorage>\n<runner>\nprogram runzeo -C ${conf}\nsocket-name ${folder}/s\n</runner>\n`,
	);
	chmodSync(conf, 0o644);
	const data = path.join(folder, 'data');
	mkdirSync(data, {mode: 0o755});
	const ask = () =>
		runCommand(t, [process.execPath, command, '-C', conf, 'rescue', 'main'], {
			cwd: folder,
			...nobody,
		});
	const lock = path.join(data, 'Data.fs.zeoctl-lock');
	const server = startCommand(t, ['flock', lock, 'sh', '-c', 'echo locked; exec sleep 600']);
	await waitFor('the lock', () => server.stdout() === 'locked\n');
	const {exitCode, stderr} = await ask();
	t.is(exitCode, 4, stderr);
	t.regex(
		stderr,
		/^Error: cannot rescue: '.*Data\.fs\.zeoctl-lock' is locked by process \d+ of user root.*, and what it has open may not be seen\n/,
	);
	t.true(stderr.endsWith(`next: sudo ${command} -C ${conf} rescue main\n`), stderr);
	chmodSync(data, 0o700);
	const closed = await ask();
	t.is(closed.exitCode, 4, closed.stderr);
	t.regex(closed.stderr, /^Error: cannot rescue: EACCES: permission denied.*\nnext: sudo /);
});
