import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {monotonicMs} from '../platform/clock.js';
import {systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {createGatherer} from './gather.js';
import {identityOf} from './live-file.js';
import {enlargePipe, makeFifo} from './system-tools.js';

const {O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR} = fs.constants;

/** A named pipe that the program holds open for reading and writing, so that it never breaks. */
export type Fifo = {
	/** To be handed to the program. */
	readonly descriptor: number;
	/** Hands on what the program writes, from now on, each piece in memory that it has asked for before. */
	read(room: () => Buffer, take: (piece: Buffer) => void): void;
	/** Stops reading, so that the program waits when the pipe is full, or goes on. */
	pause(): void;
	resume(): void;
	/** Lets who has come meanwhile have the next turns of the event loop, once between two reads. */
	giveWay(): void;
	/** Hands on what is there at this moment, in memory that is valid during the call only. */
	drain(): void;
	close(): void;
};

/**
 * What the pipe is made to hold, four times as much as it would: with less, a program that writes fast and its reader
 * take turns, each waiting for the other.
 */
export const pipeSize = 262_144;

/** A client is accepted in one turn of the event loop, answered in the next, and taken leave of in the third. */
const turnsAside = 3;
/** So much is read in one turn of the event loop; more makes a flood faster. */
const turnBytes = 524_288;
/** While clients come, this is all, and for so long afterwards. */
const politeBytes = 32_768;
const politeMs = 1000;

/** The name of the pipe in a run state folder. */
const fifoPath = (runDirectory: string): string => path.join(runDirectory, 'output.fifo');

const flagPath = (runDirectory: string): string => path.join(runDirectory, 'output.open');

/** Whether a process still writes to the pipe that a supervisor of this folder has read, and that nobody closed. */
export const writesToFifo = (pid: number, runDirectory: string): boolean => {
	try {
		const stats = fs.statSync(`/proc/${pid}/fd/1`);
		return stats.isFIFO() && fs.readFileSync(flagPath(runDirectory), 'utf8') === identityOf(stats);
	} catch {
		return false;
	}
};

/** Notes that the pipe is being read. Answers whether it was already: its reader was killed then. */
export const markOpen = (runDirectory: string, {descriptor}: Pick<Fifo, 'descriptor'>): boolean => {
	const wasOpen = fs.existsSync(flagPath(runDirectory));
	try {
		fs.writeFileSync(flagPath(runDirectory), identityOf(fs.fstatSync(descriptor)), {mode: 0o600});
	} catch {
		// A full disk: the next supervisor will not know of a gap.
	}
	return wasOpen;
};

/** Notes that all was read and written. */
export const markClosed = (runDirectory: string): void =>
	fs.rmSync(flagPath(runDirectory), {force: true});

/**
 * Opens the pipe of a run state folder, or makes it (mode 0600). A program that an earlier supervisor started is
 * found by its own descriptor, also when the name is gone.
 */
export const openFifo = async (
	runDirectory: string,
	formerPid: number | undefined,
): Promise<Fifo> => {
	const file = fifoPath(runDirectory);
	try {
		const present = fs.lstatSync(file, {throwIfNoEntry: false});
		if (formerPid !== undefined && writesToFifo(formerPid, runDirectory)) {
			return fromPath(`/proc/${formerPid}/fd/1`, 0);
		}
		if (present !== undefined && !present.isFIFO()) fs.rmSync(file, {recursive: true});
		if (!present?.isFIFO()) {
			const {ok, message} = await makeFifo(file);
			if (!ok) throw new Error(message);
		}
		return fromPath(file, O_NOFOLLOW);
	} catch (error) {
		const why = systemErrorCode(error) ?? (error instanceof Error ? error.message : String(error));
		throw new ZeoctlError('TRANSCRIPT', `cannot open the pipe "${file}": ${why}`, {
			cause: error,
			hint: `ls -ld ${runDirectory}`,
		});
	}
};

const fromPath = (from: string, flags: number): Fifo => {
	const descriptor = fs.openSync(from, O_RDWR | flags);
	const reader = fs.openSync(from, O_RDONLY | O_NONBLOCK | flags);
	let give: (piece: Buffer) => void = () => undefined;
	// Nobody waits for it: a smaller pipe does the same, more slowly.
	void enlargePipe(descriptor, pipeSize);
	let socket: net.Socket | undefined;
	let isPaused = false;
	let isAside = false;
	let hasRead = false;
	let politeUntil = 0;

	const stepAside = (turns: number): void => {
		isAside = true;
		socket?.pause();
		setImmediate(comeBack, turns);
	};

	const comeBack = (turns: number): void => {
		if (turns > 0) {
			setImmediate(comeBack, turns - 1);
			return;
		}
		isAside = false;
		if (!isPaused) socket?.resume();
	};

	return {
		descriptor,
		read(room, take) {
			give = take;
			const gather = createGatherer();
			let next: Buffer = Buffer.alloc(0);
			let leftInTurn = turnBytes;
			socket = new net.Socket({
				fd: reader,
				readable: true,
				writable: false,
				onread: {
					buffer() {
						const isPolite = monotonicMs() < politeUntil;
						if (isPolite) leftInTurn = 0;
						next = isPolite ? room().subarray(0, politeBytes) : room();
						return next;
					},
					callback(length) {
						hasRead = true;
						// When it is full, libuv reads on at once, up to 32 times, and nobody else has a turn.
						leftInTurn = length < next.length ? turnBytes : leftInTurn - length;
						take(next.subarray(0, length));
						gather(length);
						if (leftInTurn > 0) return true;
						leftInTurn = turnBytes;
						if (!isAside) stepAside(0);
						return true;
					},
				},
			});
			socket.on('error', () => undefined);
			// Whoever paused before there was anything to pause is over it.
			isPaused = false;
			socket.resume();
		},
		pause() {
			isPaused = true;
			socket?.pause();
		},
		resume() {
			isPaused = false;
			if (!isAside) socket?.resume();
		},
		giveWay() {
			politeUntil = monotonicMs() + politeMs;
			if (isAside || !hasRead) return;
			hasRead = false;
			stepAside(turnsAside);
		},
		drain() {
			const buffer = Buffer.allocUnsafe(pipeSize);
			// More than it holds only if the program goes on writing.
			for (let round = 0; round < 16; round += 1) {
				const length = readNow(reader, buffer);
				if (length === 0) return;
				give(buffer.subarray(0, length));
			}
		},
		close() {
			if (socket === undefined) fs.closeSync(reader);
			else socket.destroy();
			fs.closeSync(descriptor);
		},
	};
};

const readNow = (reader: number, into: Buffer): number => {
	try {
		return fs.readSync(reader, into, 0, into.length, null);
	} catch {
		// Nothing is there: EAGAIN.
		return 0;
	}
};
