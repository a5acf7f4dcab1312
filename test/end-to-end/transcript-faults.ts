import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {readHistory} from '../../src/history/history.js';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {bySize} from '../helpers/full-size.js';
import {isAlive, type Supervised, supervised} from '../helpers/supervised.js';
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
		if (mode === 'pump') {
			await waitFor('the report', () => hasReport(instance, /the disk is full/));
		}
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
const replaced = async (t: ExecutionContext, put: (log: string) => void) => {
	const instance = supervised(t, {program: talks, runner: 'transcript out.log'});
	const {pid, manager} = await instance.up();
	const log = instance.at('out.log');
	await waitFor('output', () => sizeOf(log) > 0);
	fs.renameSync(log, instance.at('aside'));
	put(log);
	await waitFor('the report', () =>
		hasReport(instance, /is not the file that the program writes to; type zeoctl reopen/),
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

test('a directory in the place of the log is reported, and output goes on', async t => {
	const {refused} = await replaced(t, log => fs.mkdirSync(log));
	t.regex(refused.stdout + refused.stderr, /directory|not empty|in the way/);
});

test('a symbolic link in the place of the log is reported, and its target left alone', async t => {
	const {instance} = await replaced(t, log => {
		fs.writeFileSync(`${log}-target`, 'of somebody\n');
		fs.symlinkSync(`${log}-target`, log);
	});
	t.is(fs.readFileSync(instance.at('out.log-target'), 'utf8'), 'of somebody\n');
});

test('a program that nobody reads from waits, and goes on with the next supervisor', async t => {
	const instance = supervised(t, {
		program: `${process.execPath} ${programPath('writes-numbered-lines')} 8192 5 1e15`,
		runner: 'transcript out.log',
		sections: section('mode pump\non-slow block'),
	});
	const {pid, manager} = await instance.up();
	const log = instance.at('out.log');
	await waitFor('output', () => sizeOf(log) > 100_000);
	process.kill(manager, 'SIGKILL');
	await waitFor('its end', () => !isAlive(manager));
	fs.rmSync(`${runDirectoryOf(instance.socket)}/output.fifo`);
	await sleep(bySize(60_000, 3000));
	const {size} = fs.statSync(log);
	const started = await instance.run(['start']);
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	t.is((await instance.status()).pid, pid);
	await waitFor('further output', () => fs.statSync(log).size > size + 200_000);
	t.regex(fs.readFileSync(log, 'utf8'), /^--- an earlier supervisor was killed: /m);
	await instance.run(['stop']);
});
