import fs from 'node:fs';
import {realpath} from 'node:fs/promises';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {createCompressor} from './calm-compressor.js';
import {exchangeFile} from './exchange-file.js';
import {openLogSink} from './log-sink.js';
import {removeExcess} from './old-files.js';
import type {PumpTarget} from './pump.js';
import type {RotationLimits} from './rotation-due.js';
import {explainWriteFailure} from './write-failure.js';

export type RotatingTargetOptions = {
	readonly path: string;
	/** An open descriptor of it; it belongs to the target then. */
	readonly descriptor: number;
	readonly runDirectory: string;
	readonly limits: RotationLimits & {readonly compress: boolean};
	readonly isOurs: () => boolean;
	readonly onRotated: () => void;
	readonly onProblem: (problem: string | undefined) => void;
	/** Unix milliseconds. */
	readonly now?: () => number;
};

/** A log file of our own that is rotated by renaming it, which loses nothing on any file system. */
export type RotatingTarget = PumpTarget & {
	/** Whether the file ends with a whole line. */
	isAtLineStart(): boolean;
	/**
	 * Opens the file by its name, after what is being written and, if somebody had renamed it (`wasMoved`), after the
	 * end of the line, unless that takes long. `refusal`: why it could not.
	 */
	reopen(): Promise<{readonly wasMoved: boolean; readonly refusal?: string}>;
	/** Resolves when what is under way is done, and it is closed: nothing is written or opened from then on. */
	close(): Promise<void>;
};

/**
 * The file is looked for under its name at most once a second while something is written: one that was deleted is
 * made anew; one that was renamed is written to until it is reopened, as its renamer expects.
 */
export const openRotatingTarget = async (
	options: RotatingTargetOptions,
): Promise<RotatingTarget> => {
	const {limits, runDirectory, isOurs, onRotated, onProblem, now = Date.now} = options;
	const sink = await openLogSink(options.path, options.descriptor);
	// A link that somebody puts in the place of the log later leads to a file of somebody else.
	const follow = fs.lstatSync(options.path, {throwIfNoEntry: false})?.isSymbolicLink() === true;
	// A descriptor that is closed while it is written to fails, or is another file's by then; so is a name that is
	// given to another file while something is done to it.
	let turn: Promise<unknown> = Promise.resolve();
	const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
		const done = turn.then(work);
		turn = done.catch(() => undefined);
		return done;
	};

	const compressor = limits.compress
		? createCompressor({
				runDirectory,
				inTurn,
				onRefusal: refusal => onProblem(`old files are not compressed: ${refusal}`),
			})
		: undefined;
	let begin = sink.madeAt();
	let looked = 0;
	let elsewhereSince: number | undefined;
	let isClosed = false;

	/** Why nothing may be written now. */
	const look = async (): Promise<string | undefined> => {
		if (!sink.isFile || now() - looked < lookMs) return undefined;
		const place = await sink.place();
		if (place === 'here') elsewhereSince = undefined;
		else {
			const refusal = (await sink.isDeleted()) ? await makeAnew() : tolerate();
			if (refusal !== undefined) return refusal;
		}
		looked = now();
		return undefined;
	};

	const makeAnew = async (): Promise<string | undefined> => {
		const refusal = await sink.reopen({follow: false});
		if (refusal === undefined) begin = now();
		return refusal === undefined ? undefined : `the log was deleted: ${refusal}`;
	};

	const tolerate = (): undefined => {
		elsewhereSince ??= now();
		if (now() - elsewhereSince > lookMs) {
			onProblem(
				`"${options.path}" is not the file that is written to; type zeoctl reopen_transcript`,
			);
		}
	};

	const isDue = (): boolean => {
		const {maxSize, maxAge} = limits;
		if (!sink.isFile || sink.size() === 0) return false;
		const isOld = maxAge !== undefined && now() - begin >= maxAge * 1000;
		const isLarge = sink.size() >= maxSize;
		// A line is not cut, except one that is as long as a file.
		const isWhole = sink.isAtLineStart() || sink.size() >= 2 * maxSize;
		return (isOld || isLarge) && isWhole && isOurs();
	};

	const rotate = async (): Promise<void> => {
		const {oldFiles, totalSize, maxSize} = limits;
		try {
			if ((await sink.place()) !== 'here') return;
			const file = await realpath(options.path);
			const folder = path.dirname(file);
			const name = path.basename(file);
			if (!(await exchangeFile(file, oldFiles))) return;
			const refusal = await sink.reopen({follow});
			if (refusal !== undefined) throw new Error(refusal);
			begin = now();
			await removeExcess(folder, name, totalSize - maxSize);
			compressor?.rotated(folder, name);
			onRotated();
		} catch (error) {
			onProblem(`cannot rotate: ${errorMessage(error)}`);
		}
	};

	/** Who waits for the end of a line, so that a line is not cut. */
	const waiting = new Set<() => Promise<void>>();

	const write = async (pieces: readonly Buffer[]) => {
		if (isClosed) return {written: 0, failure: closed};
		const refusal = await look();
		if (refusal !== undefined) return {written: 0, failure: refusal};
		if (isDue()) await rotate();
		const room = waiting.size > 0 ? 0 : limits.maxSize - sink.size();
		const result = await sink.write(upToLineEnd(pieces, room));
		if (sink.isAtLineStart()) for (const goOn of waiting) await goOn();
		return result;
	};

	const reopenNow = async () => {
		if (isClosed) return {wasMoved: false, refusal: closed};
		const wasMoved = (await sink.place()) !== 'here';
		const refusal = await sink.reopen({follow});
		if (refusal !== undefined) return {wasMoved, refusal};
		begin = sink.madeAt();
		elsewhereSince = undefined;
		onProblem(undefined);
		return {wasMoved};
	};

	/** At the end of the next write that ends a line, or after a while. */
	const reopenAtLineEnd = (): ReturnType<typeof reopenNow> =>
		new Promise((resolve, reject) => {
			const goOn = async () => {
				if (!waiting.delete(goOn)) return;
				clearTimeout(patience);
				await reopenNow().then(resolve, reject);
			};
			const patience = setTimeout(() => void inTurn(goOn), lineEndMs);
			waiting.add(goOn);
		});

	const reopen = async () => {
		const isInLine = async () =>
			!isClosed && !sink.isAtLineStart() && (await sink.place()) !== 'here';
		const reopened = await inTurn(async () => ((await isInLine()) ? undefined : reopenNow()));
		return reopened ?? reopenAtLineEnd();
	};

	return {
		write: pieces =>
			inTurn(() => write(pieces)).catch(error => ({
				written: 0,
				failure: explainWriteFailure(error),
			})),
		isAtLineStart: sink.isAtLineStart,
		reopen,
		async close() {
			// Whatever is at it may rename, and wants to open and close for itself.
			const atRest = inTurn(async () => {
				if (isClosed) return;
				for (const goOn of waiting) await goOn();
				isClosed = true;
				await sink.close();
			});
			await Promise.all([compressor?.close(), atRest]);
		},
	};
};

const closed = 'it is closed';
const lookMs = 1000;
/** A program that writes lines ends one soon; who asked for the reopen waits. */
const lineEndMs = 250;

/** The part up to the first line end behind so many bytes, so that files are cut there. */
const upToLineEnd = (pieces: readonly Buffer[], room: number): readonly Buffer[] => {
	let left = Math.max(0, room);
	for (const [index, piece] of pieces.entries()) {
		if (left < piece.length) {
			const end = piece.indexOf('\n', left);
			if (end !== -1) return [...pieces.slice(0, index), piece.subarray(0, end + 1)];
			left = 0;
		} else left -= piece.length;
	}
	return pieces;
};
