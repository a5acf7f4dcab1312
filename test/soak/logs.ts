// Full-size trials of the logs, with figures: `node build/test/soak/logs.js [--scale 0.1]` after a build. As root
// it also makes a file system of each kind in a loop device; LOGROTATE and MKFS_XFS may name those programs.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {renderFlood, rotateUnderFlood} from '../helpers/rotation-flood.js';
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

const flood = async (folder: string, rotations: number): Promise<void> => {
	const result = await rotateUnderFlood(folder, {rotations});
	say(renderFlood(result));
	if (!result.removesHeads) return;
	if (result.fault !== undefined) throw new Error(result.fault);
	if (result.rate < 50) throw new Error(`only ${result.rate.toFixed(0)} MB/s`);
};

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
	await trial('rotations', () => withFolder(base, folder => flood(folder, times(10_000))));
	for (const mode of ['direct', 'pump'] as const) {
		await trial(mode, () => ordeal(base, mode, {kills: times(100), reloads: 0}));
		await trial(`${mode}, reloads`, () => ordeal(base, mode, {kills: 0, reloads: times(50)}));
	}
	await trial('logrotate', () => withFolder(base, folder => withLogrotate(folder, times(100))));
	await trial('tmpfs', () => withFolder('/dev/shm', folder => flood(folder, times(1000))));
	if (process.geteuid?.() === 0) {
		const makers = [
			['mkfs.ext4', '-q'],
			[process.env['MKFS_XFS'] ?? 'mkfs.xfs', '-q'],
		];
		for (const maker of makers) {
			await trial(`${maker[0]} on a loop device`, () =>
				onLoopDevice(maker, async mounted => {
					await withFolder(mounted, folder => flood(folder, times(2000)));
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
