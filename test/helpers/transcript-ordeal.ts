import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {awaitKillMoment, type KillMoment, killMoments, readKillMoment} from './kill-moment.js';
import {checkLines, firstNumberIn, type LineCheck, type LineFigures} from './line-check.js';
import {mostMegabytes} from './rotation-flood.js';
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
	/** Megabytes per second, on the average: the program catches up after a wait. */
	readonly rate: number;
	/** How often the supervisor is killed with SIGKILL and started again, which adopts the program. */
	readonly kills: number;
	/** How often the transcript is renamed by somebody else, and reopened. */
	readonly renames: number;
	/** How often the program is given to a new supervisor by `reload`. */
	readonly reloads: number;
};

/** What came out of it. */
export type OrdealResult = LineFigures & {
	readonly files: number;
	/** In direct mode, how far a rotation was when its supervisor was killed. */
	readonly moments: Readonly<Record<KillMoment, number>>;
	/** Megabytes per second that reached the files, from start to stop. */
	readonly rate: number;
	readonly seconds: number;
};

/** Runs the built command through kills and renames under a flood, and reads every line again. */
export const runOrdeal = async (options: OrdealOptions): Promise<OrdealResult> => {
	const {folder, mode, piece, rate, kills, renames, reloads} = options;
	const log = path.join(folder, 'out.log');
	const conf = path.join(folder, 'd.conf');
	const runDirectory = runDirectoryOf(path.join(folder, 's'));
	const program = `${process.execPath} ${programPath('writes-numbered-lines')} ${piece} 0 1e15 ${rate} ${mostMegabytes}`;
	fs.writeFileSync(
		conf,
		`<runner>\nprogram ${program}\nsocket-name ${folder}/s\ntranscript ${log}\n</runner>\n<transcript>\nmode ${mode}\nmax-size ${mode === 'direct' ? '500KB' : '1MB'}\nold-files 100000\ntotal-size 1000GB\ncompress off\non-slow block\n</transcript>\n`,
	);
	const zeoctl = async (...words: readonly string[]): Promise<string> => {
		const {stdout} = await runFile(process.execPath, [zeoctlFile, '-C', conf, ...words], {
			cwd: folder,
		});
		return stdout;
	};
	const status = async (): Promise<{readonly pid: number; readonly manager: number}> =>
		JSON.parse(await zeoctl('status', '--json'));
	const moments = Object.fromEntries(killMoments.map(moment => [moment, 0])) as Record<
		KillMoment,
		number
	>;
	const check = checkLines({mayHaveGaps: mode === 'pump'});
	const reading = readInOrder(folder, check);
	await zeoctl('start');
	const began = performance.now();
	let seconds = 0;
	let failures: readonly string[] = [];
	try {
		const {pid} = await status();
		const expectProgram = async (): Promise<void> => {
			const found = await status();
			if (found.pid !== pid) throw new Error(`${found.pid} runs instead of ${pid}`);
		};
		for (let round = 0; round < Math.max(kills, renames, reloads); round += 1) {
			await waitFor('output', () => sizeOf(log) > 400_000 / (1 + (round % 5)), 60_000);
			const isKilledAtReopen = round < kills && round % 4 === 3;
			const {manager} = await status();
			if (round < renames) {
				fs.renameSync(log, `${log}-moved-${round}`);
				const reopened = zeoctl('reopen_transcript');
				if (isKilledAtReopen) reopened.catch(() => undefined);
				else await reopened;
			}
			if (round < reloads) {
				await zeoctl('reload');
				await expectProgram();
			}
			if (round < kills) {
				if (mode === 'pump') await sleep((round * 137) % 1200);
				else {
					const wanted = killMoments[round % killMoments.length] ?? 'between rotations';
					await awaitKillMoment(wanted, {runDirectory, programPid: pid, limitMs: 10_000});
				}
				process.kill(manager, 'SIGKILL');
				await waitFor('its end', () => !isThere(manager));
				moments[readKillMoment(runDirectory, pid)] += 1;
				reading.oldFiles(inodeOf(`/proc/${pid}/fd/1`));
				await zeoctl('start');
				await expectProgram();
				if (round < renames && isKilledAtReopen) await zeoctl('reopen_transcript');
			}
		}
	} finally {
		seconds = (performance.now() - began) / 1000;
		failures = await zeoctl('stop').then(
			() => [],
			error => [`not stopped: ${error}`],
		);
	}
	reading.allFiles();
	const figures = check.figures();
	const left = [...fs.readdirSync(folder), ...fs.readdirSync(runDirectory)].filter(name =>
		/^\.out\.log|^transcript-cut\.json/.test(name),
	);
	return {
		...figures,
		faults: [...failures, ...figures.faults, ...left.map(name => `${name} is left`)],
		files: reading.count(),
		moments,
		rate: figures.bytes / 1e6 / seconds,
		seconds,
	};
};

const sizeOf = (file: string): number => fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;

const inodeOf = (file: string): number => fs.statSync(file).ino;

const isThere = (pid: number): boolean => fs.existsSync(`/proc/${pid}/exe`);

/** Reads the files of a log in the order of their first lines, and removes those that it has read. */
const readInOrder = (folder: string, check: LineCheck) => {
	let count = 0;
	const takeFiles = (names: readonly string[], kept: number) => {
		const files = names
			.map(name => path.join(folder, name))
			.map(file => ({file, first: firstNumberIn(file) ?? -1}))
			.toSorted((one, other) => one.first - other.first);
		for (const {file} of files.slice(0, Math.max(0, files.length - kept))) {
			check.file(file);
			fs.rmSync(file);
			count += 1;
		}
	};
	const found = (): readonly string[] =>
		fs.readdirSync(folder).filter(name => name.startsWith('out.log'));
	return {
		/**
		 * To be called while there is no supervisor that renames them. The file that the program writes to stays, and so
		 * do the newest of the old ones, which a rotation that was killed may have left half renamed.
		 */
		oldFiles: (live: number) =>
			takeFiles(
				found().filter(name => name !== 'out.log' && inodeOf(path.join(folder, name)) !== live),
				2,
			),
		allFiles: () => takeFiles(found(), 0),
		count: () => count,
	};
};

/** What a killed supervisor may take with it: its queue (8 MB unless configured) and what one read holds. */
export const mostBytesLost = 8 * 1_048_576 + 65_536;
