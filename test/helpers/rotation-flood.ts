import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {programPath} from './transcript.js';

/** So many rotations, or as many as there is time for. */
export type FloodLimits = {readonly rotations: number; readonly limitMs?: number};

/** What a flood came to. */
export type RotationFlood = {
	/** Such as `ext4`. */
	readonly type: string;
	readonly removesHeads: boolean;
	readonly rotations: number;
	readonly lines: number;
	readonly lost: number;
	/** The first line that is not what it should be. */
	readonly fault: string | undefined;
	/** Megabytes per second while the program was writing. */
	readonly rate: number;
	/** Between copy and truncation, in all rotations together, in milliseconds. */
	readonly windowMs: number;
};

/** The writer runs at full speed during each cut and before it; it rests only while the rotated part is read, so that little room is needed. */
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
		[programPath('writes-numbered-lines'), '65536', '0', '1e15'],
		{stdio: ['ignore', descriptor, descriptor]},
	);
	const end = performance.now() + limitMs;
	let floodMs = 0;
	let bytes = 0;
	let windowMs = 0;
	let done = 0;
	let next = 0;
	let lost = 0;
	let fault: string | undefined;
	try {
		while (done < rotations && performance.now() < end) {
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
			fault ??= read.fault;
			lost += read.lost;
			next = read.next;
			if (removesHeads && fault !== undefined) break;
		}
	} finally {
		writer.kill('SIGTERM');
		writer.kill('SIGCONT');
		await once(writer, 'exit');
		fs.closeSync(descriptor);
	}
	const last = readNumbers(log, next);
	const rate = bytes / 1e3 / floodMs;
	fault ??= last.fault;
	return {
		type,
		removesHeads,
		rotations: done,
		lines: last.next,
		lost: lost + last.lost,
		fault,
		rate,
		windowMs,
	};
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
}: RotationFlood): string => {
	const loss = removesHeads
		? `${lost} lines lost`
		: `${lost} lines lost, ${windowMs.toFixed(2)} ms in all between copy and truncation`;
	return `${type}: ${rotations} rotations, ${lines} lines at ${rate.toFixed(0)} MB/s: ${loss}`;
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
