import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {programPath} from './transcript.js';
import {waitFor} from './wait-for.js';
import {zeoctlFile} from './zeoctl.js';

const runFile = promisify(execFile);

/** What a transcript is put through while a program floods it with numbered lines. */
export type OrdealOptions = {
	/** Empty; the transcript and all that becomes of it lie there. */
	readonly folder: string;
	readonly mode: 'direct' | 'pump';
	/** Bytes per write, or `lines`. */
	readonly piece: string;
	/** Milliseconds between two writes. */
	readonly pauseMs: number;
	/** How often the supervisor is killed with SIGKILL and started again, which adopts the program. */
	readonly kills: number;
	/** How often the transcript is renamed by somebody else, and reopened. */
	readonly renames: number;
	/** How often the program is given to a new supervisor by `reload`. */
	readonly reloads: number;
	readonly onRound?: (round: number) => void;
};

/** What came out of it. */
export type OrdealResult = {
	readonly lines: number;
	/** Lines that are missing, or cut, in all gaps together; each gap stands beside a line that says so. */
	readonly lost: number;
	readonly gaps: number;
	/** Bytes in the largest gap. */
	readonly largestGap: number;
	/** What may not be: a line that is doubled, out of order, or missing without a word. */
	readonly faults: readonly string[];
	readonly files: number;
	readonly megabytes: number;
	readonly seconds: number;
};

/** Runs the built command through kills and renames under a flood, then reads every line again. */
export const runOrdeal = async (options: OrdealOptions): Promise<OrdealResult> => {
	const {folder, mode, piece, pauseMs, kills, renames, reloads, onRound} = options;
	const log = path.join(folder, 'out.log');
	const conf = path.join(folder, 'd.conf');
	const program = `${process.execPath} ${programPath('writes-numbered-lines')} ${piece} ${pauseMs} 1e15`;
	fs.writeFileSync(
		conf,
		`<runner>\nprogram ${program}\nsocket-name ${folder}/s\ntranscript ${log}\n</runner>\n<transcript>\nmode ${mode}\nmax-size 500KB\nold-files 100000\ntotal-size 1000GB\ncompress off\non-slow block\n</transcript>\n`,
	);
	const zeoctl = async (...words: readonly string[]): Promise<string> => {
		const {stdout} = await runFile(process.execPath, [zeoctlFile, '-C', conf, ...words], {
			cwd: folder,
		});
		return stdout;
	};
	const status = async (): Promise<{readonly pid: number; readonly manager: number}> =>
		JSON.parse(await zeoctl('status', '--json'));
	const began = performance.now();
	await zeoctl('start');
	try {
		const {pid} = await status();
		for (let round = 0; round < Math.max(kills, renames, reloads); round += 1) {
			await waitFor('output', () => sizeOf(log) > 400_000 / (1 + (round % 5)), 60_000);
			if (round < renames) {
				fs.renameSync(log, `${log}-moved-${round}`);
				await zeoctl('reopen_transcript');
			}
			if (round < reloads) {
				await zeoctl('reload');
				const found = await status();
				if (found.pid !== pid) throw new Error(`${found.pid} runs instead of ${pid}`);
			}
			if (round < kills) {
				// At any moment of a rotation, which the next supervisor has to complete.
				await sleep(500 + ((round * 137) % 1200));
				const {manager} = await status();
				process.kill(manager, 'SIGKILL');
				await waitFor('its end', () => !isThere(manager));
				await zeoctl('start');
				const found = await status();
				if (found.pid !== pid) throw new Error(`${found.pid} runs instead of ${pid}`);
			}
			onRound?.(round);
		}
	} finally {
		await zeoctl('stop').catch(() => undefined);
	}
	const seconds = (performance.now() - began) / 1000;
	return {...readBack(folder, mode === 'pump'), seconds};
};

/** None for a moment while the pump rotates. */
const sizeOf = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;

const isThere = (pid: number): boolean => fs.existsSync(`/proc/${pid}/exe`);

type Reading = Omit<OrdealResult, 'seconds'>;

/** Reads all files in the order of their first lines. A gap is allowed beside a word about it only. */
const readBack = (folder: string, mayHaveGaps: boolean): Reading => {
	const files = fs
		.readdirSync(folder)
		.filter(name => name.startsWith('out.log'))
		.map(name => path.join(folder, name))
		.map(file => ({file, first: firstNumber(file)}))
		.filter(({first}) => first !== undefined)
		.sort((one, other) => (one.first ?? 0) - (other.first ?? 0));
	const faults: string[] = [];
	let expected = 0;
	let lines = 0;
	let lost = 0;
	let gaps = 0;
	let largestGap = 0;
	let bytes = 0;
	let isAfterWord = false;
	let rest = '';
	for (const {file} of files) {
		const content = rest + fs.readFileSync(file, 'latin1');
		bytes += content.length - rest.length;
		const all = content.split('\n');
		rest = all.pop() ?? '';
		for (const line of all) {
			if (/^ *--- continues .* ---$/.test(line) || line === '') continue;
			if (/^ *--- .* ---$/.test(line)) {
				isAfterWord = true;
				continue;
			}
			const number = wholeNumberOf(line);
			if (number === undefined) {
				// The two parts of a line that a killed supervisor had in its hands.
				if (!mayHaveGaps) faults.push(`${path.basename(file)}: ${line.slice(0, 60)}`);
				continue;
			}
			lines += 1;
			if (number !== expected) {
				const isMarked = mayHaveGaps && number > expected && isAfterWord;
				if (!isMarked) faults.push(`${path.basename(file)}: ${number} instead of ${expected}`);
				gaps += 1;
				lost += Math.max(0, number - expected);
				largestGap = Math.max(largestGap, bytesBetween(expected, number));
			}
			expected = number + 1;
			isAfterWord = false;
		}
	}
	if (rest !== '') faults.push(`the end is not complete: ${rest.slice(0, 60)}`);
	return {lines, lost, gaps, largestGap, faults, files: files.length, megabytes: bytes / 1e6};
};

/** How long the lines of these numbers are, the last one not among them. */
const bytesBetween = (first: number, end: number): number => {
	let bytes = 0;
	for (let number = first; number < end; number += 1) bytes += 12 + filler.length - (number % 60);
	return bytes;
};

/** What a killed supervisor may take with it: its queue (8 MB unless configured) and what one read holds. */
export const mostBytesLost = 8 * 1_048_576 + 65_536;

const filler = 'x'.repeat(80);

const wholeNumberOf = (line: string): number | undefined => {
	const number = Number(line.slice(0, 10));
	return /^\d{10} /.test(line) && line.slice(11) === filler.slice(number % 60) ? number : undefined;
};

const firstNumber = (file: string): number | undefined => {
	const descriptor = fs.openSync(file, 'r');
	try {
		const start = Buffer.alloc(262_144);
		const length = fs.readSync(descriptor, start, 0, start.length, 0);
		const found = start
			.toString('latin1', 0, length)
			.split('\n')
			.map(wholeNumberOf)
			.find(number => number !== undefined);
		return found;
	} finally {
		fs.closeSync(descriptor);
	}
};
