import {
	existsSync,
	linkSync,
	mkdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {readHistory} from '../../src/history/history.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import {findRecordedProgram, readProgramRecord} from '../../src/program/program-record.js';
import {answers, begin, guard, isRefused, isUp, makeInstance} from '../helpers/guarded.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, startZeoctl} from '../helpers/zeoctl.js';

const hasEnded = async (pid: number): Promise<void> =>
	void (await waitFor(`the end of ${pid}`, () => !isUp(pid)));

const twice = (
	title: string,
	prepare: (folder: string) => {readonly data?: string; readonly storage?: string},
): void =>
	guard(title, async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		const two = await makeInstance(t, python, {folder, name: 'two', ...prepare(folder)});
		const refused = await two.run('start');
		isRefused(
			t,
			refused,
			new RegExp(`in use by process ${pid} of user \\S+, running for .*runzeo`),
		);
		t.true(await answers(one));
		t.is((await one.run('stop')).exitCode, 0);
		await two.start();
		t.true(await answers(two));
	});

guard(
	'promise 2: a second conf neither forgets nor gives up the database of the first, deleted or not',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		const two = await makeInstance(t, python, {folder, name: 'two'});
		const data = path.join(folder, 'Data.fs');
		const ledger = () => readFileSync(`${data}.zeoctl`, 'utf8');
		await waitFor('the ledger', () => ledger().includes('"ready"'));
		const before = ledger();
		isRefused(t, await two.run('start'), /in use by process/);
		t.is(ledger(), before);

		rmSync(data);
		const rescue = `zeoctl -C ${two.conf} rescue`;
		for (const word of ['start', 'stop']) {
			const {exitCode, stderr} = await two.run(word);
			t.is(exitCode, 1);
			t.regex(
				stderr,
				new RegExp(
					`the database '${data}' has been deleted, and lives only as long as process ${pid} `,
				),
			);
			t.regex(stderr, new RegExp(`\nnext: do not end it before this: ${rescue}\n`));
		}
		const {stdout} = await two.run('doctor', 'data', 'locks', '--json');
		t.regex(stdout, /has been deleted, and lives only as long as/);
		t.notRegex(stdout, /is not there yet|"ps"|ps -fp/);
		const rescued = await two.run('rescue');
		t.is(rescued.exitCode, 0, rescued.stderr);
	},
);

guard(
	'promise 2: a database that was deleted with all that lay beside it is not begun anew while a server has it',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		const two = await makeInstance(t, python, {folder, name: 'two'});
		const data = path.join(folder, 'Data.fs');
		const files = ['', '.lock', '.zeoctl-lock', '.index', '.zeoctl'].map(end => `${data}${end}`);
		for (const deleted of [files.slice(0, 3), files]) {
			for (const file of deleted) rmSync(file, {force: true});
			const refused = await two.run('start');
			isRefused(
				t,
				refused,
				new RegExp(`'${data}' has been deleted, and lives only as long as process ${pid} `),
			);
			t.regex(refused.stderr, new RegExp(`: zeoctl -C ${two.conf} rescue\n`));
			t.false(existsSync(data));
		}
		const {stdout} = await two.run('doctor', 'data', 'locks', '--json');
		for (const check of ['writers', 'content'])
			t.regex(stdout, new RegExp(`"name":"${check}","level":"error"`));
		t.notRegex(stdout, /is not there yet|nobody writes/);
		writeFileSync(data, 'FS30');
		isRefused(t, await two.run('start'), new RegExp(`lives only as long as process ${pid} `));
		t.true(await answers(one));
	},
);

twice(
	'promise 1: a second conf with the same database is refused until the first server is stopped',
	() => ({}),
);

twice('promise 1: a database behind a linked folder is the same database', folder => {
	symlinkSync(folder, path.join(folder, 'linked'));
	return {data: 'linked/Data.fs'};
});

twice('promise 1: a database behind a linked name is the same database', folder => {
	symlinkSync('Data.fs', path.join(folder, 'alias.fs'));
	return {data: 'alias.fs'};
});

twice('promise 1: a reader beside a writer is refused', () => ({storage: 'read-only true'}));

guard(
	'promise 1: a database with two names is refused, and the command that finds them is named',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		await one.start();
		await one.run('stop');
		linkSync(path.join(folder, 'Data.fs'), path.join(folder, 'copy.fs'));
		const refused = await one.run('start');
		isRefused(t, refused, /has 2 names \(hard links\)/);
		const command = /^next: (find .*)$/m.exec(refused.stderr)?.[1] ?? '';
		const found = await runCommand(t, ['sh', '-c', command]);
		t.deepEqual(found.stdout.trim().split('\n').sort(), [`${folder}/Data.fs`, `${folder}/copy.fs`]);
	},
);

guard(
	'promise 1: two readers of one database run side by side, a writer is refused then',
	async (t, python, folder) => {
		const writer = await makeInstance(t, python, {folder, name: 'writer'});
		await writer.start();
		await writer.run('stop');
		const storage = 'read-only true';
		const readers = [
			await makeInstance(t, python, {folder, name: 'one', storage}),
			await makeInstance(t, python, {folder, name: 'two', storage}),
		];
		for (const reader of readers) await reader.start();
		for (const reader of readers) t.true(await answers(reader));
		isRefused(t, await writer.run('start'), /in use by process/);
		const [first] = readers;
		const supervisor = (await first?.supervisor()) ?? 0;
		const pid = await first?.pid();
		process.kill(supervisor, 'SIGKILL');
		t.is(await first?.start(), pid);
		process.kill(pid ?? 0, 'SIGKILL');
		await waitFor('another life of the reader', async () => {
			const next = await first?.pid();
			return Boolean(next) && next !== pid;
		});
	},
);

guard(
	'promise 1: a server that somebody has started by hand is not joined by a second one',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const other = await makeInstance(t, python, {folder, name: 'other'});
		const runzeo = path.join(path.dirname(python), 'runzeo');
		const server = begin(t, [runzeo, '-C', other.conf]);
		await waitFor('the server', () => answers(other), 120_000);
		isRefused(t, await one.run('start'), new RegExp(`in use by process ${server.pid} .*runzeo -C`));
		server.kill('SIGTERM');
		await waitFor('its end', () => server.exitCode !== null);
		await one.start();
	},
);

guard(
	'promise 1: a reader beside a writer that somebody has started by hand is refused',
	async (t, python, folder) => {
		const other = await makeInstance(t, python, {folder, name: 'other'});
		const server = begin(t, [path.join(path.dirname(python), 'runzeo'), '-C', other.conf]);
		await waitFor('the server', () => answers(other), 120_000);
		const one = await makeInstance(t, python, {folder, storage: 'read-only true'});
		isRefused(t, await one.run('start'), new RegExp(`in use by process ${server.pid} .*runzeo -C`));
	},
);

guard(
	'promise 1: a server under zdaemon is not joined by a second one',
	async (t, python, folder) => {
		const other = await makeInstance(t, python, {folder, name: 'other'});
		const zdaemon = path.join(path.dirname(python), 'zdaemon');
		const runzeo = path.join(path.dirname(python), 'runzeo');
		const words = ['-s', `${folder}/zd`, '-p', `${runzeo} -C ${other.conf}`] as const;
		await runCommand(t, [zdaemon, ...words, 'start'], {cwd: folder});
		await waitFor('the server', () => answers(other), 120_000);
		const one = await makeInstance(t, python, {folder});
		isRefused(t, await one.run('start'), /in use by process \d+ .*runzeo/);
		await runCommand(t, [zdaemon, ...words, 'stop'], {cwd: folder});
		await one.start();
	},
);

guard('an address that another server has is refused with its name', async (t, python, folder) => {
	const other = await makeInstance(t, python, {folder, name: 'other', data: 'other.fs'});
	const pid = await other.start();
	const one = await makeInstance(t, python, {folder});
	writeFileSync(one.conf, readFileSync(one.conf, 'utf8').replace(`:${one.port}`, `:${other.port}`));
	isRefused(t, await one.run('start'), new RegExp(`the address .* is in use by process ${pid}`));
});

guard(
	'promise 1: who reads the database, such as a backup, never blocks a start',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		await one.start();
		await one.run('stop');
		const reader = begin(t, ['sh', '-c', `exec tail -f ${folder}/Data.fs`]);
		await waitFor('the reader', () => isUp(reader.pid ?? 0));
		await one.start();
		t.true(await answers(one));
		t.true(isUp(reader.pid ?? 0));
		const repozo = path.join(path.dirname(python), 'repozo');
		mkdirSync(path.join(folder, 'backup'));
		const saved = await runCommand(t, [
			repozo,
			'-B',
			'-r',
			`${folder}/backup`,
			'-f',
			`${folder}/Data.fs`,
		]);
		t.is(saved.exitCode, 0, saved.stderr);
	},
);

guard(
	'promise 1: who writes to the database, such as a restore, blocks a start',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		await one.start();
		await one.run('stop');
		const writer = begin(t, ['sh', '-c', `exec 7>>${folder}/Data.fs; exec sleep 100`]);
		await sleep(300);
		isRefused(t, await one.run('start'), new RegExp(`in use by process ${writer.pid} .*sleep 100`));
	},
);

guard(
	'promise 3: the server outlives its supervisor, and the next start takes it over',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		t.like(await one.run('status'), {stdout: 'daemon manager not running\n', exitCode: 3});
		t.like(await one.document(), {state: 'not-running', unsupervised: {pid}});
		t.true(await answers(one));

		const lock = statSync(path.join(folder, 'Data.fs.zeoctl-lock'));
		const again = await one.run('start');
		t.is(again.exitCode, 0);
		t.regex(again.stdout, new RegExp(`^(\\. )*\ndaemon process already running; pid=${pid}\n$`));
		t.like(await one.document(), {state: 'running', pid, adopted: true, unsupervised: null});
		t.true(await answers(one));

		const supervisor = await one.supervisor();
		process.kill(pid, 'SIGKILL');
		const killed = Date.now() / 1000;
		await waitFor('another life', async () => ![pid, 0].includes(await one.pid()));
		const end = readHistory(one.runDirectory).find(({event}) => event === 'end');
		t.like(end, {pid, code: null, description: 'ended; exit status not observable'});
		t.log(`noticed after ${Math.round(((end?.at ?? 0) - killed) * 1000)} ms`);
		// The supervisor also looks every 5 seconds, in case that the lock does not tell.
		t.true((end?.at ?? 0) - killed < 4);
		t.is(await one.supervisor(), supervisor);
		await waitFor('the new server', () => answers(one));
		t.like(await one.document(), {adopted: false, restarts: 1});
		t.is((await one.run('stop')).exitCode, 0);
		t.is(statSync(path.join(folder, 'Data.fs.zeoctl-lock')).ino, lock.ino);
	},
);

guard(
	'an adopted server that is stopped by hand has ended in order, as its own log says',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		await one.start();
		process.kill(pid, 'SIGTERM');
		await hasEnded(pid);
		await waitFor('the supervisor to leave', async () => (await one.run('status')).exitCode === 3);
		const end = readHistory(one.runDirectory).findLast(({event}) => event === 'end');
		t.like(end, {pid, code: 0, decision: 'leave'});
	},
);

guard(
	'stop ends a server without a supervisor, and the history knows',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		const stopped = await one.run('stop');
		t.is(stopped.exitCode, 0, stopped.stderr);
		t.regex(stopped.stdout, /daemon process stopped\n$/);
		t.false(isUp(pid));
		const events = readHistory(one.runDirectory).map(({event}) => event);
		t.deepEqual(events, ['start', 'adoption', 'end']);
		t.is((await one.run('stop')).stdout, 'daemon manager not running\n');
	},
);

guard('restart replaces a server without a supervisor', async (t, python, folder) => {
	const one = await makeInstance(t, python, {folder});
	const pid = await one.start();
	process.kill(await one.supervisor(), 'SIGKILL');
	const restarted = await one.run('restart');
	t.is(restarted.exitCode, 0, restarted.stderr);
	t.regex(restarted.stdout, /daemon process restarted, pid=\d+\n$/);
	t.not(await one.pid(), pid);
	t.true(await answers(one));
});

guard(
	'supervise takes a running server over, too, and leaves with 5 where it is refused',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		const supervisor = startZeoctl(t, ['-C', one.conf, 'supervise'], {cwd: folder});
		await waitFor('the adoption', async () => (await one.document())['adopted']);
		t.is(await one.pid(), pid);
		const two = await makeInstance(t, python, {folder, name: 'two'});
		const refused = await two.run('supervise');
		t.is(refused.exitCode, 5);
		t.regex(refused.stderr, new RegExp(`in use by process ${pid} `));
		supervisor.kill('SIGTERM');
		t.is((await supervisor.result).exitCode, 0);
		t.false(isUp(pid));
	},
);

guard(
	'promise 1: of two supervisors after the socket file was deleted one has the next server, and that stays recorded',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		const first = await one.supervisor();
		rmSync(path.join(folder, 'one.sock'));
		t.is(await one.start(), pid);
		const second = await one.supervisor();
		process.kill(pid, 'SIGKILL');
		await waitFor('one of them to leave', () => !(isUp(first) && isUp(second)));
		t.true(isUp(first) || isUp(second));
		const record = await waitFor('the next server', () => findRecordedProgram(one.runDirectory));
		t.not(record.pid, pid);
		t.true(await answers(one));
		t.is((await one.run('stop')).exitCode, 0);
		await hasEnded(record.pid);
	},
);

const misled = (title: string, mislead: (record: object, victim: number) => object): void =>
	guard(title, async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		await one.start();
		const record = readProgramRecord(one.runDirectory);
		if (typeof record === 'string') throw new Error('no record');
		await one.run('stop');
		const victim = begin(t, ['sleep', '1000']);
		const written = mislead({...record, pid: victim.pid}, victim.pid ?? 0);
		writeFileSync(path.join(one.runDirectory, 'program'), JSON.stringify(written));
		t.is((await one.document())['unsupervised'], null);
		t.not(await one.start(), victim.pid);
		t.true(await answers(one));
		await one.run('stop');
		t.true(isUp(victim.pid ?? 0));
	});

misled(
	'promise 1: a pid that another process has got is not taken for the server',
	record => record,
);
misled('promise 1: a record of another boot is not taken for the server', (record, victim) => ({
	...record,
	startTicks: readProcessStat(victim)?.startTicks,
	bootId: '00000000-0000-0000-0000-000000000000',
}));

guard('promise 1: eight starts at once make one server', async (t, python, folder) => {
	const one = await makeInstance(t, python, {folder});
	const results = await Promise.all(Array.from({length: 8}, () => one.run('start')));
	t.deepEqual(
		results.map(({exitCode}) => exitCode),
		Array.from({length: 8}, () => 0),
	);
	const spawned = readHistory(one.runDirectory).filter(({event}) => event === 'start');
	t.is(spawned.length, 1);
});

guard(
	'promise 1: two confs that are started at once: one serves, the other is refused',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const two = await makeInstance(t, python, {folder, name: 'two'});
		const results = await Promise.all([one.run('start'), two.run('start')]);
		t.deepEqual(results.map(({exitCode}) => exitCode).sort(), [0, 1]);
	},
);
