// Full-size trials of the logs, with figures: `node build/test/soak/logs.js [--scale 0.1]` after a build. As root
// it also makes a file system of each kind in a loop device; LOGROTATE and MKFS_XFS may name those programs.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {checkNumberedLines, programPath} from '../helpers/transcript.js';
import {mostBytesLost, runOrdeal} from '../helpers/transcript-ordeal.js';

const {values} = parseArgs({
	options: {scale: {type: 'string', default: '1'}, folder: {type: 'string'}},
});
const scale = Number(values.scale);
const times = (full: number): number => Math.max(1, Math.round(full * scale));
const base = fs.mkdtempSync(path.join(values.folder ?? os.tmpdir(), 'zeoctl-soak-'));
const faults: string[] = [];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The writer runs at full speed during each cut and before it; it rests only while the rotated part is read, so that little room is needed. */
const rotateUnderFlood = async (folder: string, rotations: number): Promise<void> => {
	const runDirectory = path.join(folder, 'state');
	const log = path.join(folder, 'out.log');
	fs.mkdirSync(runDirectory);
	const {removesHeads, type} = await probeFileSystem(folder);
	const descriptor = openTranscript({path: log, umask: 0o022});
	const writer = spawn(
		process.execPath,
		[programPath('writes-numbered-lines'), '65536', '0', '1e15'],
		{stdio: ['ignore', descriptor, descriptor]},
	);
	let floodMs = 0;
	let bytes = 0;
	let windowMs = 0;
	let done = 0;
	let next = 0;
	let lost = 0;
	try {
		while (done < rotations) {
			writer.kill('SIGCONT');
			const began = performance.now();
			while (fs.fstatSync(descriptor).size < 1_000_000) await sleep(1);
			const result = await rotateTranscript({path: log, runDirectory, oldFiles: 1, descriptor});
			if ('refused' in result) throw new Error(result.refused);
			writer.kill('SIGSTOP');
			floodMs += performance.now() - began;
			done += 1;
			windowMs += Number(/within ([\d.]+) ms/.exec(result.reason ?? '')?.[1] ?? 0);
			bytes += fs.statSync(result.rotatedTo).size;
			const read = readNumbers(result.rotatedTo, next);
			if (removesHeads && read.fault !== undefined) throw new Error(read.fault);
			lost += read.lost;
			next = read.next;
		}
	} finally {
		writer.kill('SIGTERM');
		writer.kill('SIGCONT');
		await once(writer, 'exit');
		fs.closeSync(descriptor);
	}
	const end = readNumbers(log, next);
	if (removesHeads && end.fault !== undefined) throw new Error(end.fault);
	const rate = bytes / 1e3 / floodMs;
	const loss = removesHeads
		? 'no line lost'
		: `${lost + end.lost} lines lost, ${windowMs.toFixed(2)} ms in all between copy and truncation`;
	say(`${type}: ${done} rotations, ${end.next} lines at ${rate.toFixed(0)} MB/s: ${loss}`);
};

/** Goes on counting in the next part. */
const readNumbers = (file: string, first: number) => {
	let next = first;
	let lost = 0;
	let fault: string | undefined;
	for (const line of linesOf(file)) {
		if (line === '' || /^ *--- continues /.test(line)) continue;
		const number = Number(line.slice(0, 10));
		if (number !== next || !/^\d{10} x*$/.test(line)) {
			fault ??= `${JSON.stringify(line.slice(0, 80))} instead of line ${next}`;
			if (number > next) lost += number - next;
		}
		if (number >= next) next = number + 1;
	}
	return {next, lost, fault};
};

/** Piece by piece: what a slow machine lets pile up is longer than a string may be. */
function* linesOf(file: string): Generator<string> {
	const descriptor = fs.openSync(file, 'r');
	const piece = Buffer.alloc(16_777_216);
	let rest = '';
	try {
		for (;;) {
			const length = fs.readSync(descriptor, piece, 0, piece.length, null);
			if (length === 0) break;
			const lines = (rest + piece.toString('latin1', 0, length)).split('\n');
			rest = lines.pop() ?? '';
			yield* lines;
		}
	} finally {
		fs.closeSync(descriptor);
	}
	yield rest;
}

const trial = async (name: string, work: () => Promise<void>): Promise<void> => {
	const began = performance.now();
	try {
		await work();
	} catch (error) {
		faults.push(`${name}: ${String(error)}`);
		say(`FAIL ${name}: ${String(error)}`);
	}
	say(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
};

const withFolder = async (parent: string, work: (folder: string) => Promise<void>) => {
	const folder = fs.mkdtempSync(path.join(parent, 'run-'));
	try {
		await work(folder);
	} finally {
		fs.rmSync(folder, {recursive: true, force: true});
	}
};

/** A gap is allowed where a supervisor was killed, not where it has handed the program over. */
const ordeal = async (
	parent: string,
	mode: 'direct' | 'pump',
	{kills, reloads}: {readonly kills: number; readonly reloads: number},
): Promise<void> =>
	withFolder(parent, async folder => {
		const result = await runOrdeal({
			folder,
			mode,
			piece: '65536',
			pauseMs: 1,
			kills,
			renames: kills,
			reloads,
		});
		const {lines, lost, gaps, largestGap, files, megabytes, seconds} = result;
		say(
			`${mode}: ${kills} kills, ${kills} renames, ${reloads} reloads, ${files} files, ${lines} lines, ${(megabytes / seconds).toFixed(0)} MB/s: ${lost} lines lost in ${gaps} gaps, the largest of ${largestGap} bytes`,
		);
		if (gaps > kills) throw new Error(`${gaps} gaps after ${kills} kills`);
		if (largestGap > mostBytesLost) throw new Error(`${largestGap} bytes in one gap`);
		if (result.faults.length > 0) throw new Error(result.faults.slice(0, 5).join('; '));
	});

/** Mounts a file system of 3 GB for a while. */
const onLoopDevice = async (maker: readonly string[], work: (folder: string) => Promise<void>) => {
	const image = path.join(base, 'image');
	const folder = path.join(base, 'mounted');
	fs.mkdirSync(folder);
	fs.writeFileSync(image, '');
	fs.truncateSync(image, 3 * 1024 ** 3);
	const [command = '', ...words] = maker;
	execFileSync(command, [...words, image], {stdio: 'pipe'});
	execFileSync('mount', ['-o', 'loop', image, folder], {stdio: 'pipe'});
	try {
		await work(folder);
	} finally {
		execFileSync('umount', ['--lazy', folder]);
		fs.rmSync(image);
		fs.rmdirSync(folder);
	}
};

/** A program that has its log rotated by the real logrotate, with one command of ours in its postrotate. */
const withLogrotate = async (folder: string, count: number): Promise<void> => {
	const logrotate = process.env['LOGROTATE'] ?? 'logrotate';
	const run = path.join(folder, 'state');
	const log = path.join(folder, 'out.log');
	const conf = path.join(folder, 'rotate.conf');
	fs.mkdirSync(run);
	const zeoctl = path.join(import.meta.dirname, '../../../dist/zeoctl.cjs');
	const program = `${process.execPath} ${programPath('writes-numbered-lines')} 8192 1 1e15`;
	fs.writeFileSync(
		path.join(folder, 'd.conf'),
		`<runner>\nprogram ${program}\nsocket-name ${folder}/s\ntranscript ${log}\n</runner>\n`,
	);
	const call = `${process.execPath} ${zeoctl} -C ${folder}/d.conf`;
	fs.writeFileSync(
		conf,
		`${log} {\n rotate 10000\n nocreate\n missingok\n postrotate\n  ${call} reopen_transcript\n endscript\n}\n`,
	);
	const shell = (command: string) => execFileSync('sh', ['-c', command], {stdio: 'pipe'});
	shell(`${call} start`);
	try {
		for (let round = 0; round < count; round += 1) {
			shell(`${logrotate} --force --state ${folder}/rotate.state ${conf}`);
		}
	} finally {
		shell(`${call} stop`);
	}
	const files = Array.from({length: count}, (_, index) => `${log}.${count - index}`);
	const lines = checkNumberedLines([...files, log]);
	if (typeof lines === 'string') throw new Error(lines);
	say(`logrotate: ${count} forced rotations, ${lines} lines, none lost`);
};

const main = async (): Promise<void> => {
	await trial('rotations', () =>
		withFolder(base, folder => rotateUnderFlood(folder, times(10_000))),
	);
	for (const mode of ['direct', 'pump'] as const) {
		await trial(mode, () => ordeal(base, mode, {kills: times(100), reloads: 0}));
		await trial(`${mode}, reloads`, () => ordeal(base, mode, {kills: 0, reloads: times(50)}));
	}
	await trial('logrotate', () => withFolder(base, folder => withLogrotate(folder, times(100))));
	await trial('tmpfs', () =>
		withFolder('/dev/shm', folder => rotateUnderFlood(folder, times(1000))),
	);
	if (process.geteuid?.() === 0) {
		const makers = [
			['mkfs.ext4', '-q'],
			[process.env['MKFS_XFS'] ?? 'mkfs.xfs', '-q'],
		];
		for (const maker of makers) {
			await trial(`${maker[0]} on a loop device`, () =>
				onLoopDevice(maker, async mounted => {
					await withFolder(mounted, folder => rotateUnderFlood(folder, times(2000)));
					await ordeal(mounted, 'direct', {kills: times(20), reloads: 0});
				}),
			);
		}
	}
};

try {
	await main();
} finally {
	fs.rmSync(base, {recursive: true, force: true});
}
for (const fault of faults) say(`FAIL ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
