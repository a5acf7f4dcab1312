import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {checkLines, type LineFigures} from './line-check.js';
import {programPath} from './transcript.js';

/** So many rotations, or as many as there is time for. */
export type FloodLimits = {readonly rotations: number; readonly limitMs?: number};

/** What a flood came to. */
export type RotationFlood = LineFigures & {
	/** Such as `ext4`. */
	readonly type: string;
	readonly removesHeads: boolean;
	readonly rotations: number;
	/** Megabytes per second, all the time. */
	readonly rate: number;
	/** Between copy and truncation, in all rotations together, in milliseconds. */
	readonly windowMs: number;
	readonly seconds: number;
};

/** Megabytes per second that a program writes when the log of a flood is tried. */
export const floodRate = 75;

/** In the log: where a machine copies more slowly than a program writes, the program waits instead of filling the disk. */
export const mostMegabytes = 500;

/** A program writes on and on while one rotation follows the other, and while each rotated file is read again. */
export const rotateUnderFlood = async (
	folder: string,
	{rotations, limitMs = Number.POSITIVE_INFINITY}: FloodLimits,
): Promise<RotationFlood> => {
	const runDirectory = path.join(folder, 'state');
	const log = path.join(folder, 'out.log');
	fs.mkdirSync(runDirectory);
	const {removesHeads, type} = await probeFileSystem(folder);
	const descriptor = openTranscript({path: log, umask: 0o022});
	const writer = spawn(
		process.execPath,
		[
			programPath('writes-numbered-lines'),
			'65536',
			'0',
			'1e15',
			`${floodRate}`,
			`${mostMegabytes}`,
		],
		{stdio: ['ignore', descriptor, descriptor]},
	);
	const ended = once(writer, 'exit');
	const check = checkLines({mayCutLines: !removesHeads});
	let windowMs = 0;
	let done = 0;
	await waitForSize(descriptor, 1);
	const began = performance.now();
	try {
		while (done < rotations && performance.now() < began + limitMs) {
			await waitForSize(descriptor, 1_000_000);
			const result = await rotateTranscript({path: log, runDirectory, oldFiles: 1, descriptor});
			if ('refused' in result) throw new Error(result.refused);
			done += 1;
			windowMs += Number(/within ([\d.]+) ms/.exec(result.reason ?? '')?.[1] ?? 0);
			check.file(result.rotatedTo);
			if (removesHeads && check.figures().faults.length > 0) break;
		}
	} finally {
		writer.kill('SIGTERM');
		await ended;
		fs.closeSync(descriptor);
	}
	const seconds = (performance.now() - began) / 1000;
	check.file(log);
	const figures = check.figures();
	const rate = figures.bytes / 1e6 / seconds;
	return {...figures, type, removesHeads, rotations: done, rate, windowMs, seconds};
};

const waitForSize = async (descriptor: number, bytes: number): Promise<void> => {
	while (fs.fstatSync(descriptor).size < bytes) await sleep(1);
};

/** One line for people. */
export const renderFlood = ({
	type,
	removesHeads,
	rotations,
	lines,
	lost,
	rate,
	windowMs,
	seconds,
}: RotationFlood): string => {
	const loss = removesHeads
		? `${lost} lines lost`
		: `${lost} lines lost, ${windowMs.toFixed(2)} ms in all between copy and truncation`;
	return `${type}: ${rotations} rotations in ${seconds.toFixed(0)} s, ${lines} lines at ${rate.toFixed(0)} MB/s: ${loss}`;
};
