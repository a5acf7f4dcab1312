import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {readHistory} from '../../src/history/history.js';
import {askSupervisor} from '../helpers/ask-supervisor.js';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {bySize} from '../helpers/full-size.js';
import {checkLines, firstNumberIn} from '../helpers/line-check.js';
import {isAlive, type Supervised, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {programPath} from '../helpers/transcript.js';
import {waitFor} from '../helpers/wait-for.js';

const talks = 'sh -c "while :; do echo line 2>/dev/null; sleep 0.02; done"';

const line = 'x'.repeat(299);

const section = (lines: string) => `<transcript>\n${lines}\n</transcript>\n`;

const hasReport = ({socket}: Supervised, pattern: RegExp) =>
	readHistory(runDirectoryOf(socket)).some(
		record => record.event === 'transcript' && pattern.test(JSON.stringify(record)),
	);

const sizeOf = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;

for (const mode of ['direct', 'pump'] as const) {
	test(`a full disk stops neither the program nor the supervisor in ${mode} mode`, async t => {
		const disk = tinyFileSystem(t);
		if (disk === undefined) return;
		const log = `${disk}/out.log`;
		const instance = supervised(t, {
			program: talks.replace('line', line),
			runner: `transcript ${log}`,
			sections: section(`mode ${mode}\nqueue-size 64KB`),
		});
		const {pid, manager} = await instance.up();
		await waitFor('output', () => sizeOf(log) > 0);
		await waitFor('what is known of the log', async () => (await instance.status()).transcript);
		const release = fillUp(disk);
		await waitFor('the end of the last block', () => sizeOf(log) % 4096 === 0);
		await waitFor('the report', () => hasReport(instance, /the disk is full/));
		const {size} = fs.statSync(log);
		await waitFor(
			'a full disk in the status',
			async () => (await instance.status()).transcript?.problem === 'the disk is full',
		);
		t.like(await instance.status(), {pid, manager, state: 'running'});
		release();
		await waitFor('further output', () => fs.statSync(log).size > size);
		t.like(await instance.status(), {pid, manager, state: 'running'});
		// What the program itself writes when the last byte is taken is not ours to mend.
		const others = fs.readFileSync(log, 'utf8').replaceAll(`${line}\n`, '');
		// Nor is the line that does not fit when the disk is full again.
		if (mode === 'pump') t.is(others.replaceAll(/^--- .* ---\n|x+$/gm, ''), '');
		await instance.run(['stop']);
	});
}

/** Puts something else in the place of the log, and takes it away again. */
const replaced = async (
	t: ExecutionContext,
	{mode, put}: {readonly mode: 'direct' | 'pump'; readonly put: (log: string) => void},
) => {
	const instance = supervised(t, {
		program: talks,
		runner: 'transcript out.log',
		sections: section(`mode ${mode}`),
	});
	const {pid, manager} = await instance.up();
	const log = instance.at('out.log');
	await waitFor('output', () => sizeOf(log) > 0);
	fs.renameSync(log, instance.at('aside'));
	put(log);
	await waitFor('the report', () =>
		hasReport(
			instance,
			/is not the file that (the program writes to|is written to); type zeoctl reopen/,
		),
	);
	const refused = await instance.run(['reopen_transcript']);
	const {size} = fs.statSync(instance.at('aside'));
	await waitFor('further output', () => fs.statSync(instance.at('aside')).size > size);
	t.like(await instance.status(), {pid, manager, state: 'running'});
	fs.rmSync(log, {recursive: true});
	const reopened = await instance.run(['reopen_transcript']);
	t.is(reopened.exitCode, 0, reopened.stdout + reopened.stderr);
	await waitFor('output at the old name', () => /line\n$/.test(fs.readFileSync(log, 'utf8')));
	return {instance, refused};
};

for (const mode of ['direct', 'pump'] as const) {
	test(`a directory in the place of the log is reported, and output goes on in ${mode} mode`, async t => {
		const {refused} = await replaced(t, {mode, put: log => fs.mkdirSync(log)});
		t.is(refused.exitCode, 1);
		t.regex(refused.stdout + refused.stderr, /directory|not empty|in the way/);
	});

	test(`a symbolic link in the place of the log is reported, and its target left alone in ${mode} mode`, async t => {
		const {instance, refused} = await replaced(t, {
			mode,
			put(log) {
				fs.writeFileSync(`${log}-target`, 'of somebody\n');
				fs.symlinkSync(`${log}-target`, log);
			},
		});
		t.is(refused.exitCode, 1);
		t.is(fs.readFileSync(instance.at('out.log-target'), 'utf8'), 'of somebody\n');
	});
}

/** Bytes that a process has written so far, to whatever. */
const writtenBy = (pid: number): number =>
	Number(/^wchar: (\d+)/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1]);

/** Lets the program rest until the supervisor has written all that it has read. */
const settled = async ({socket}: Supervised, pid: number, log: string): Promise<void> => {
	process.kill(pid, 'SIGSTOP');
	let last = -1;
	let times = 0;
	await waitFor('an empty queue', async () => {
		await askSupervisor(socket);
		times = sizeOf(log) === last ? times + 1 : 0;
		last = sizeOf(log);
		return times > 10;
	});
};

for (const mode of ['direct', 'pump'] as const) {
	const title = {
		direct: 'goes on writing, and nothing is lost',
		pump: 'waits, and goes on with the next one; nothing is lost or doubled',
	}[mode];
	test(`a program without a supervisor ${title}`, async t => {
		t.timeout(600_000);
		const instance = supervised(t, {
			program: `${process.execPath} ${programPath('writes-numbered-lines')} lines 0 1e15 2`,
			runner: 'transcript out.log',
			sections: section(
				`mode ${mode}\non-slow block\nold-files 10000\ntotal-size 10GB\ncompress off`,
			),
		});
		const {pid, manager} = await instance.up();
		const log = instance.at('out.log');
		await waitFor('output', () => sizeOf(log) > 100_000);
		if (mode === 'pump') await settled(instance, pid, log);
		process.kill(manager, 'SIGKILL');
		await waitFor('its end', () => !isAlive(manager));
		const size = sizeOf(log);
		process.kill(pid, 'SIGCONT');
		if (mode === 'pump') {
			let written = -1;
			await waitFor('a full pipe', async () => {
				const before = written;
				written = writtenBy(pid);
				await sleep(500);
				return before === written;
			});
			await sleep(aWhileMs);
			t.is(writtenBy(pid), written);
			t.is(sizeOf(log), size);
		} else {
			await sleep(aWhileMs);
			await waitFor('all its output', () => sizeOf(log) > size + 1000 * aWhileMs);
		}
		const started = await instance.run(['start']);
		t.is(started.exitCode, 0, started.stdout + started.stderr);
		t.is((await instance.status()).pid, pid);
		const written = writtenBy(pid);
		await waitFor('further output', () => writtenBy(pid) > written + 1_000_000);
		await instance.run(['stop']);
		const check = checkLines({mayHaveGaps: mode === 'pump'});
		const files = logsOf(instance.folder).map(file => ({file, first: firstNumberIn(file) ?? -1}));
		for (const {file} of files.toSorted((one, other) => one.first - other.first)) check.file(file);
		t.like(check.figures(), {lost: 0, gaps: 0, faults: []});
		t.log(`${check.figures().lines} lines, ${aWhileMs / 1000} s without a supervisor`);
	});
}

const aWhileMs = bySize(60_000, 3000);

const logsOf = (folder: string): readonly string[] =>
	fs
		.readdirSync(folder)
		.filter(name => /^out\.log(\.\d+)?$/.test(name))
		.map(name => path.join(folder, name));

test('a pipe that is removed stops nobody, and the next supervisor finds it through the program', async t => {
	const instance = supervised(t, {
		program: `${process.execPath} ${programPath('writes-numbered-lines')} 8192 0 1e15 0.2`,
		runner: 'transcript out.log',
		sections: section('mode pump\non-slow block'),
	});
	const {pid, manager} = await instance.up();
	const log = instance.at('out.log');
	const pipe = `${runDirectoryOf(instance.socket)}/output.fifo`;
	const goesOn = async () => {
		const written = writtenBy(pid);
		await waitFor('further output', () => writtenBy(pid) > written + 50_000);
	};
	await waitFor('output', () => sizeOf(log) > 100_000);
	fs.rmSync(pipe);
	await goesOn();
	t.like(await instance.status(), {pid, manager, state: 'running'});
	process.kill(manager, 'SIGKILL');
	await waitFor('its end', () => !isAlive(manager));
	const started = await instance.run(['start']);
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	t.is((await instance.status()).pid, pid);
	await goesOn();
	const said = /^--- an earlier supervisor was killed: /m;
	// A log that has reached its size is rotated.
	t.true(logsOf(instance.folder).some(file => said.test(fs.readFileSync(file, 'latin1'))));
	const restarted = await instance.run(['restart']);
	t.is(restarted.exitCode, 0, restarted.stdout + restarted.stderr);
	const size = sizeOf(log);
	await waitFor('output of the next program', () => sizeOf(log) !== size);
	await instance.run(['stop']);
});

test('a log folder that is deleted stops nobody in direct mode, and is reported', async t => {
	const instance = supervised(t, {
		program: talks,
		runner: 'transcript logs/out.log',
		folder: folderWith(t, 'logs'),
	});
	const {pid, manager} = await instance.up();
	await waitFor('output', () => sizeOf(instance.at('logs/out.log')) > 0);
	// The supervisor may be trying there what the file system can do.
	fs.rmSync(instance.at('logs'), {recursive: true, maxRetries: 10});
	await waitFor('the report', () =>
		hasReport(instance, /was deleted while the program writes to it/),
	);
	t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
	fs.mkdirSync(instance.at('logs'));
	t.is((await instance.run(['restart'])).exitCode, 0);
	await waitFor('output', () => sizeOf(instance.at('logs/out.log')) > 0);
	await waitFor(
		'the end of the problem',
		async () => (await instance.status()).transcript?.problem === null,
	);
});

const folderWith = (t: ExecutionContext, name: string): string => {
	const folder = temporaryFolder(t);
	fs.mkdirSync(`${folder}/${name}`);
	return folder;
};
