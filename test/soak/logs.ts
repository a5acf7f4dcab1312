// Full-size trials of the logs, with figures: `node build/test/soak/logs.js [--scale 0.1] [--only ext4]` after a
// build, as root, which makes a file system of each kind in a loop device. LOGROTATE may name that program.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {openImage} from '../helpers/image.js';
import {floodRate, renderFlood, rotateUnderFlood} from '../helpers/rotation-flood.js';
import {checkNumberedLines, programPath} from '../helpers/transcript.js';
import {mostBytesLost, runOrdeal} from '../helpers/transcript-ordeal.js';

const {values} = parseArgs({
	options: {
		scale: {type: 'string', default: '1'},
		only: {type: 'string', default: ''},
		folder: {type: 'string', default: os.tmpdir()},
	},
});
const scale = Number(values.scale);
const times = (full: number): number => Math.max(1, Math.round(full * scale));
const faults: string[] = [];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const expectRate = (rate: number): void => {
	if (rate < leastRate) throw new Error(`only ${rate.toFixed(0)} MB/s`);
};

/** Megabytes per second. */
const leastRate = 50;

const flood = async (parent: string, rotations: number): Promise<void> =>
	withFolder(parent, async folder => {
		const result = await rotateUnderFlood(folder, {rotations});
		say(renderFlood(result));
		expectRate(result.rate);
		if (!result.removesHeads) return;
		if (result.faults.length > 0) throw new Error(result.faults.slice(0, 5).join('; '));
	});

const trial = async (name: string, work: () => Promise<void>): Promise<void> => {
	if (!name.includes(values.only)) return;
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
	const folder = fs.mkdtempSync(path.join(parent, 'zeoctl-soak-'));
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
	{kills = 0, reloads = 0}: {readonly kills?: number; readonly reloads?: number},
): Promise<void> =>
	withFolder(parent, async folder => {
		const result = await runOrdeal({
			folder,
			mode,
			piece: '65536',
			// What is written during reloads stays until the end.
			rate: kills > 0 ? floodRate : floodRate / 5,
			kills,
			renames: kills,
			reloads,
		});
		const {lines, lost, gaps, largestGap, files, rate, seconds, moments} = result;
		say(
			`${mode}: ${kills} kills, ${kills} renames, ${reloads} reloads in ${seconds.toFixed(0)} s, ${files} files, ${lines} lines at ${rate.toFixed(0)} MB/s: ${lost} lines lost in ${gaps} gaps, the largest of ${largestGap} bytes`,
		);
		const hits = Object.entries(moments).map(([moment, count]) => `${count} ${moment}`);
		if (kills > 0 && mode === 'direct') say(`  kills: ${hits.join(', ')}`);
		if (gaps > kills) throw new Error(`${gaps} gaps after ${kills} kills`);
		if (largestGap > mostBytesLost) throw new Error(`${largestGap} bytes in one gap`);
		if (result.faults.length > 0) throw new Error(result.faults.slice(0, 5).join('; '));
		if (mode === 'direct' && kills >= 10 && moments['between copy and removal'] === 0) {
			throw new Error('no kill between copy and removal');
		}
		if (kills > 0) expectRate(rate);
	});

/** Mounts a file system for a while. */
const onLoopDevice = async (
	kind: 'ext4' | 'xfs',
	work: (folder: string) => Promise<void>,
): Promise<void> => {
	const {folder, unmount} = openImage(kind, {megabytes: 6144});
	try {
		await work(folder);
	} finally {
		unmount();
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

for (const kind of ['ext4', 'xfs'] as const) {
	await trial(`rotations on ${kind}`, () =>
		onLoopDevice(kind, folder => flood(folder, times(10_000))),
	);
	await trial(`kills and renames on ${kind}, direct`, () =>
		onLoopDevice(kind, folder => ordeal(folder, 'direct', {kills: times(100)})),
	);
}
await trial('rotations on this disk', () => flood(values.folder, times(1000)));
await trial('kills and renames, pump', () =>
	onLoopDevice('ext4', folder => ordeal(folder, 'pump', {kills: times(100)})),
);
for (const mode of ['direct', 'pump'] as const) {
	await trial(`reloads, ${mode}`, () =>
		onLoopDevice('ext4', folder => ordeal(folder, mode, {reloads: times(50)})),
	);
}
await trial('rotations on tmpfs, where heads cannot be removed', () =>
	flood('/dev/shm', times(1000)),
);
await trial('logrotate', () =>
	withFolder(values.folder, folder => withLogrotate(folder, times(100))),
);
for (const fault of faults) say(`FAIL ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
