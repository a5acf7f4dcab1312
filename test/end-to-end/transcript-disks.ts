import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {readHistory} from '../../src/history/history.js';
import {askSupervisor} from '../helpers/ask-supervisor.js';
import {bySize} from '../helpers/full-size.js';
import {mountImage} from '../helpers/image.js';
import {checkLines} from '../helpers/line-check.js';
import {skip} from '../helpers/python.js';
import {type Supervised, supervised} from '../helpers/supervised.js';
import {programPath} from '../helpers/transcript.js';
import {waitFor} from '../helpers/wait-for.js';

const numbers = (pieceBytes: number, pauseMs: number): string =>
	`${process.execPath} ${programPath('writes-numbered-lines')} ${pieceBytes} ${pauseMs} 1e15`;

const section = (lines: string) => `<transcript>\n${lines}\n</transcript>\n`;

const sizeOf = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;

const reports = ({socket}: Supervised): string =>
	readHistory(runDirectoryOf(socket))
		.filter(({event}) => event === 'transcript')
		.map(record => JSON.stringify(record))
		.join('\n');

/** Megabytes, the most it ever had. */
const memoryOf = (pid: number): number =>
	Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;

const mostMegabytes = 100;

/** A supervisor that waits for a disk which hangs until it has answered would wait for ever. */
const patientMs = 30_000;

test('a quota that is used up is reported, and the log goes on when it is raised', async t => {
	const image = mountImage(t, 'btrfs');
	if (image === undefined) return;
	const {folder, run} = image;
	run('btrfs', 'quota', 'enable', folder);
	run('btrfs', 'qgroup', 'limit', '2M', folder);
	const log = `${folder}/out.log`;
	const instance = supervised(t, {
		program: numbers(65_536, 100),
		runner: `transcript ${log}`,
		sections: section('mode pump\nqueue-size 256KB\nmax-size 1GB'),
	});
	const {pid, manager} = await instance.up();
	await waitFor('the report', () => /the quota is used up/.test(reports(instance)));
	t.like(await instance.status(), {pid, manager, state: 'running'});
	t.is((await instance.status()).transcript?.problem, 'the quota is used up');
	// Only what the queue cannot hold any more is lost.
	await waitFor('a loss', async () => ((await instance.status()).transcript?.linesLost ?? 0) > 0);
	const size = sizeOf(log);
	run('btrfs', 'qgroup', 'limit', 'none', folder);
	await waitFor('further output', () => sizeOf(log) > size + 200_000);
	t.like(await instance.status(), {pid, manager, state: 'running'});
	await instance.run(['stop']);
	t.regex(fs.readFileSync(log, 'latin1'), / were lost here: the quota is used up ---\n/);
});

test('a quota that is used up is reported in direct mode and stops nobody, and the log goes on when it is raised', async t => {
	const image = mountImage(t, 'btrfs');
	if (image === undefined) return;
	const {folder, run} = image;
	run('btrfs', 'quota', 'enable', folder);
	run('btrfs', 'qgroup', 'limit', '1536K', folder);
	const log = `${folder}/out.log`;
	const instance = supervised(t, {
		program: `sh -c "while :; do echo ${'x'.repeat(4000)} 2>/dev/null; sleep 0.005; done"`,
		runner: `transcript ${log}`,
		sections: section('max-size 1MB\ncompress off'),
	});
	const {pid, manager} = await instance.up();
	const all = (): number =>
		fs.readdirSync(folder).reduce((sum, name) => sum + sizeOf(`${folder}/${name}`), 0);
	await waitFor('a log that does not grow', async () => {
		const size = all();
		await sleep(1000);
		return size > 1_000_000 && all() === size;
	});
	await waitFor('the report', () =>
		/cannot be written: the quota is used up/.test(reports(instance)),
	);
	t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
	t.is((await instance.status()).transcript?.problem, 'the quota is used up');
	t.regex((await instance.run(['doctor'])).stdout, /out\.log: the quota is used up/);
	run('btrfs', 'qgroup', 'limit', 'none', folder);
	const before = all();
	await waitFor('further output', () => all() > before + 1_000_000);
	t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
	await waitFor('the end of the report', async () => {
		const {transcript} = await instance.status();
		return transcript?.problem === null;
	});
});

/** A program that has printed a line and prints more when it is told to, on a disk with a quota. */
const silentProgram = async (t: ExecutionContext, sections = '') => {
	const image = mountImage(t, 'btrfs');
	if (image === undefined) return undefined;
	const {folder, run} = image;
	run('btrfs', 'quota', 'enable', folder);
	run('btrfs', 'qgroup', 'limit', '4M', folder);
	const log = `${folder}/out.log`;
	const instance = supervised(t, {
		program: './talks-when-told',
		runner: `transcript ${log}`,
		sections,
	});
	const talks = 'while [ -e told ]; do echo in vain 2>/dev/null; sleep 0.05; done';
	instance.script(
		'talks-when-told',
		`#!/bin/sh\necho begins\nwhile :; do ${talks}; sleep 0.2; done\n`,
	);
	const {pid, manager} = await instance.up();
	await waitFor('output', () => sizeOf(log) > 0);
	const problem = async () => (await instance.status()).transcript?.problem;
	await waitFor('what is known of the log', async () => (await problem()) === null);
	const useUp = () =>
		t.throws(() => run('dd', 'if=/dev/urandom', `of=${folder}/others`, 'bs=64K', 'conv=fsync'));
	return {instance, image, pid, manager, log, problem, useUp};
};

test('a quota that others have used up is told to whoever asks, also while the program says nothing', async t => {
	const silent = await silentProgram(t);
	if (silent === undefined) return;
	const {instance, image, problem, useUp, log} = silent;
	useUp();
	await waitFor('the report', async () => (await problem()) === 'the quota is used up');
	const doctor = await instance.run(['doctor']);
	t.regex(doctor.stdout, /out\.log: the quota is used up/);
	fs.rmSync(`${image.folder}/others`);
	image.run('sync', '--file-system', image.folder);
	await waitFor('the end of the report', async () => (await problem()) === null);
	t.is(fs.readFileSync(log, 'utf8'), 'begins\n');
	t.deepEqual(fs.readdirSync(image.folder), ['out.log']);
});

/** Whether a process waits for changes of a file. */
const isWatching = (pid: number, file: string): boolean => {
	const watch = new RegExp(`^inotify wd:\\w+ ino:${fs.statSync(file).ino.toString(16)} `, 'm');
	return fs.readdirSync(`/proc/${pid}/fdinfo`).some(name => {
		try {
			return watch.test(fs.readFileSync(`/proc/${pid}/fdinfo/${name}`, 'latin1'));
		} catch {
			// Closed meanwhile.
			return false;
		}
	});
};

test('a program that writes in vain is found by the periodic look of <health>, unasked', async t => {
	t.timeout(180_000);
	const silent = await silentProgram(
		t,
		'<health>\ninterval 1s\ndisk-floor 0\ninode-floor 0%\n</health>\n',
	);
	if (silent === undefined) return;
	const {instance, pid, manager, log, problem, useUp} = silent;
	// A trial that somebody asks for, when the last one is no answer any more, stands for the one that its first line has caused.
	await waitFor('the rest after its first line', () => isWatching(manager, log));
	await sleep(1100);
	t.is(await problem(), null);
	useUp();
	fs.writeFileSync(instance.at('told'), '');
	await waitFor('the report', () =>
		/cannot be written: the quota is used up/.test(reports(instance)),
	);
	t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
});

for (const mode of ['direct', 'pump'] as const) {
	test(`a file system that becomes read-only is reported and stops nobody in ${mode} mode`, async t => {
		const image = mountImage(t, 'ext4');
		if (image === undefined) return;
		const log = `${image.folder}/out.log`;
		const instance = supervised(t, {
			program: 'sh -c "while :; do echo line 2>/dev/null; sleep 0.02; done"',
			runner: `transcript ${log}`,
			sections: section(`mode ${mode}`),
		});
		const {pid, manager} = await instance.up();
		await waitFor('output', () => sizeOf(log) > 0);
		image.becomeReadOnly();
		await waitFor('the report', () => /is read-only/.test(reports(instance)));
		const status = await instance.status();
		t.regex(status.transcript?.problem ?? '', /read-only/);
		t.like(status, {pid, manager, state: 'running'});
		t.is((await instance.run(['stop'])).exitCode, 0);
	});
}

const outputs = [
	['direct mode', 'mode direct'],
	['pump mode, where the program waits', 'mode pump\non-slow block\nqueue-size 256KB'],
	['pump mode, where lines are dropped', 'mode pump\nqueue-size 256KB'],
] as const;

/** The files of a log, the oldest first; the newest has no number. */
const filesOf = (folder: string): readonly string[] => {
	const numberOf = (name: string): number => Number(name.slice('out.log.'.length));
	const old = fs
		.readdirSync(folder)
		.filter(name => numberOf(name) > 0)
		.toSorted((one, other) => numberOf(other) - numberOf(one));
	return [...old, 'out.log'].map(name => `${folder}/${name}`);
};

/** Checks that no line is missing in the files of a log, or that it is said where. */
const checkLog = (
	t: ExecutionContext,
	{folder, isDropping}: {readonly folder: string; readonly isDropping: boolean},
) => {
	const all = filesOf(folder);
	const text = all.map(file => fs.readFileSync(file, 'latin1')).join('');
	const isMarked = /--- \d+ lines \(\d+ bytes\) of output were lost here: /.test(text);
	t.is(isMarked, isDropping);
	const check = checkLines({mayHaveGaps: isDropping});
	for (const file of all) check.file(file);
	t.deepEqual(check.figures().faults, []);
};

for (const [title, sections] of outputs) {
	const isDropping = title.endsWith('dropped');
	test(`a disk that hangs does not stop the supervisor in ${title}`, async t => {
		// So that nothing is rotated, however long the test takes.
		const image = mountImage(t, 'ext4', {megabytes: 512});
		if (image === undefined) return;
		const log = `${image.folder}/out.log`;
		const instance = supervised(t, {
			program: numbers(16_384, 50),
			runner: `transcript ${log}`,
			sections: section(`${sections}\nmax-size 1GB`),
		});
		const {pid, manager} = await instance.up();
		await waitFor('output', () => sizeOf(log) > 100_000);
		await waitFor('what is known of the log', async () => (await instance.status()).transcript);
		const thaw = image.freeze();
		const isHanging = async (): Promise<boolean> => {
			const {transcript} = await instance.status();
			return isDropping
				? (transcript?.linesLost ?? 0) > 0
				: /^the disk does not answer/.test(transcript?.problem ?? '');
		};
		await waitFor('the report', isHanging);
		if (!isDropping) t.regex(reports(instance), /cannot be written: the disk does not answer/);
		t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
		thaw();
		const size = sizeOf(log);
		await waitFor('further output', () => sizeOf(log) > size + 200_000);
		t.like(await instance.status(), {pid, manager, state: 'running'});
		t.true(memoryOf(manager) < mostMegabytes);
		await instance.run(['stop']);
		checkLog(t, {folder: image.folder, isDropping});
	});

	test(`a disk that is slower than the program holds up nothing else in ${title}`, async t => {
		t.timeout(300_000);
		// The program writes some 3 MB a second, however long the test takes.
		const image = mountImage(t, 'ext4', {isSynchronous: true, megabytes: 1024});
		if (image === undefined) return;
		const instance = supervised(t, {
			folder: image.folder,
			program: numbers(16_384, 5),
			runner: 'transcript out.log',
			sections: section(`${sections}\nmax-size 1MB\nold-files 1000\ncompress off`),
		});
		const log = instance.at('out.log');
		const {pid, manager} = await instance.up();
		await waitFor('output', () => sizeOf(log) > 100_000);
		const unthrottle = image.throttle(500_000);
		if (unthrottle === undefined) return skip(t, 'this kernel cannot slow a disk down');
		const end = performance.now() + bySize(60_000, 8000);
		let slowestMs = 0;
		let asked = 0;
		while (performance.now() < end) {
			const began = performance.now();
			t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
			slowestMs = Math.max(slowestMs, performance.now() - began);
			asked += 1;
			await sleep(20);
		}
		t.log(`asked ${asked} times, answered after ${Math.round(slowestMs)} ms at most`);
		if (isDropping) t.true(((await askSupervisor(instance.socket)).transcript?.linesLost ?? 0) > 0);
		unthrottle();
		await waitFor('a rotation', () => fs.existsSync(`${image.folder}/out.log.1`));
		const size = sizeOf(log);
		await waitFor('further output', () => sizeOf(log) !== size);
		t.true(memoryOf(manager) < mostMegabytes, `${memoryOf(manager)} MB`);
		t.is((await instance.run(['stop'])).exitCode, 0);
		checkLog(t, {folder: image.folder, isDropping});
	});
}

for (const [title, sections] of outputs) {
	test(`a rotation on a disk that hangs holds up nothing else in ${title}`, async t => {
		const image = mountImage(t, 'ext4', {megabytes: 512});
		if (image === undefined) return;
		const log = `${image.folder}/out.log`;
		// Each line is longer than a file is to be, so that one rotation or another is always due.
		const instance = supervised(t, {
			program: './long-lines',
			runner: `transcript ${log}`,
			sections: section(
				`${sections}\nmax-size 10KB\nold-files 10000\ntotal-size 1GB\ncompress off`,
			),
		});
		instance.script(
			'long-lines',
			"#!/bin/sh\nwhile :; do i=$((i + 1)); printf '%020000d\\n' $i; sleep 0.02; done\n",
		);
		const {pid, manager} = await instance.up();
		await waitFor('rotations', () => fs.existsSync(`${log}.2`));
		// Between two rotations of direct mode there are up to ten seconds.
		const freezes = title === 'direct mode' ? [12_000] : [1000, 1000, 1000, 1000];
		for (const milliseconds of freezes) {
			const thaw = image.freeze();
			const end = performance.now() + milliseconds;
			while (performance.now() < end) {
				t.like(await askSupervisor(instance.socket, patientMs), {pid, manager, state: 'running'});
				await sleep(20);
			}
			thaw();
			await sleep(100);
		}
		const present = fs.readdirSync(image.folder).length;
		await waitFor('further rotations', () => fs.readdirSync(image.folder).length > present);
		t.is((await instance.run(['stop'])).exitCode, 0);
		const lines = filesOf(image.folder).flatMap(file =>
			fs.readFileSync(file, 'latin1').split('\n'),
		);
		const numbers = lines.filter(line => /^\d+$/.test(line)).map(Number);
		const isDropping = title.endsWith('dropped');
		const expected = (number: number, index: number) =>
			isDropping ? Math.max(number, (numbers[index - 1] ?? 0) + 1) : index + 1;
		t.deepEqual(numbers, numbers.map(expected));
	});
}

for (const [title, sections] of outputs) {
	const isDirect = title === 'direct mode';
	test(`a disk that hangs with all that the supervisor writes does not stop it in ${title}, and is in its history afterwards`, async t => {
		const image = mountImage(t, 'ext4', {megabytes: 512});
		if (image === undefined) return;
		const instance = supervised(t, {
			folder: image.folder,
			program: numbers(16_384, isDirect ? 200 : 50),
			runner: 'transcript out.log',
			sections: section(`${sections}\nmax-size 1GB`),
		});
		const {pid, manager} = await instance.up();
		await waitFor('output', () => sizeOf(instance.at('out.log')) > 100_000);
		await waitFor('what is known of the log', async () => (await instance.status()).transcript);
		const thaw = image.freeze();
		const seen = isDirect
			? /^the disk does not answer: a write of 4 KiB in \S+ is not done after 10 s$/
			: /^the disk does not answer$/;
		await waitFor('the report', async () =>
			seen.test((await instance.status()).transcript?.problem ?? ''),
		);
		t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
		t.is(reports(instance), '');
		thaw();
		const report = /cannot be written: the disk does not answer/;
		await waitFor('the history', () => report.test(reports(instance)));
		if (isDirect) {
			const slow = /the disk is slow: a write of 4 KiB/;
			await waitFor('how long it took', () => slow.test(reports(instance)));
		}
		await waitFor('the end of the problem', async () => {
			const {transcript} = await instance.status();
			return transcript?.problem === null;
		});
		t.is((await instance.run(['stop'])).exitCode, 0);
	});
}

test('a disk that takes long to write what the program prints is reported with what it took', async t => {
	t.timeout(300_000);
	const image = mountImage(t, 'ext4', {isSynchronous: true});
	if (image === undefined) return;
	const log = `${image.folder}/out.log`;
	const instance = supervised(t, {
		program: numbers(16_384, 200),
		runner: `transcript ${log}`,
		sections: section('max-size 1GB'),
	});
	const {pid, manager} = await instance.up();
	await waitFor('output', () => sizeOf(log) > 100_000);
	await waitFor('what is known of the log', async () => (await instance.status()).transcript);
	const unthrottle = image.throttle(1000);
	if (unthrottle === undefined) return skip(t, 'this kernel cannot slow a disk down');
	await waitFor('the report', () => /the disk does not answer/.test(reports(instance)));
	t.like(await askSupervisor(instance.socket), {pid, manager, state: 'running'});
	t.regex((await instance.run(['doctor'])).stdout, /the disk does not answer: a write of 4 KiB/);
	unthrottle();
	const took = /the disk is slow: a write of 4 KiB in \S+ took (\d+) s/;
	const found = await waitFor('how long it took', () => took.exec(reports(instance)));
	t.true(Number(found[1]) >= 10);
	const size = sizeOf(log);
	await waitFor('further output', () => sizeOf(log) > size + 100_000);
	await waitFor('the end of the problem', async () => {
		const {transcript} = await instance.status();
		return transcript?.problem === null;
	});
	t.is((await instance.run(['stop'])).exitCode, 0);
});

for (const mode of ['direct', 'pump'] as const) {
	test(`a line of 100 MB is bounded in memory and on the disk in ${mode} mode`, async t => {
		const instance = supervised(t, {
			program: './long-line',
			runner: 'transcript out.log',
			sections: section(`mode ${mode}\nmax-size 1MB\ntotal-size 20MB\ncompress off`),
		});
		instance.script(
			'long-line',
			"#!/bin/sh\nhead -c 104857600 /dev/zero | tr '\\0' x\necho\nwhile :; do echo after; sleep 0.05; done\n",
		);
		const {pid, manager} = await instance.up();
		const log = instance.at('out.log');
		const isAfter = (): boolean =>
			sizeOf(log) < 30_000_000 && /\nafter\nafter\n$/.test(fs.readFileSync(log, 'latin1'));
		await waitFor('what follows the line', isAfter);
		t.like(await instance.status(), {pid, manager, state: 'running'});
		t.true(memoryOf(manager) < mostMegabytes, `${memoryOf(manager)} MB`);
		const files = fs.readdirSync(instance.folder).filter(name => name.startsWith('out.log'));
		const bytes = files.reduce((sum, name) => sum + sizeOf(instance.at(name)), 0);
		t.true(bytes < 25_000_000, `${bytes} bytes in ${files.length} files`);
		await instance.run(['stop']);
	});
}
