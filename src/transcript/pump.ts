import {setTimeout as sleep} from 'node:timers/promises';
import {monotonicMs} from '../platform/clock.js';
import {boundLines} from './bounded-lines.js';
import {createBrake} from './brake.js';
import type {Fifo} from './fifo.js';
import {keepEnd} from './kept-end.js';
import {createRing} from './ring.js';
import {createShaper} from './shape-lines.js';
import {createStallWatch} from './stall.js';

/** Where a pump writes to. */
export type PumpTarget = {
	/** Appends what it can; `failure` says why that was not all. Never rejects. */
	write(pieces: readonly Buffer[]): Promise<{readonly written: number; readonly failure?: string}>;
};

export type PumpOptions = {
	readonly fifo: Fifo;
	readonly target: PumpTarget;
	readonly format: 'text' | 'json';
	readonly timestamps: boolean;
	readonly onSlow: 'drop' | 'block';
	/** The log ends in the middle of a line, which an earlier supervisor began. */
	readonly endsOpen?: boolean;
	/** Bytes. */
	readonly queueSize: number;
	/** Whether it is woken before it reads. */
	readonly startsAtRest?: boolean;
	/** What the writing fails of, undefined when it works again; how many lines were lost so far. */
	readonly onTrouble: (failure: string | undefined, lostLines: number) => void;
};

/** Carries the output of a program from its pipe to a log. */
export type Pump = {
	/** Adds a line about the log itself. */
	remark(text: string): void;
	/** Adds something as if the program had written it. */
	add(text: string): void;
	/** The last bytes that the program wrote since the mark, as it wrote them. */
	recent(): Buffer;
	mark(): void;
	/** A client of the supervisor has come, who is not to wait for a flood. */
	giveWay(): void;
	/** Writes all that is in the pipe and in the queue and reads no more, until it is woken. */
	rest(): Promise<void>;
	wake(): void;
	/** As a rest, for ever; resolves to how many bytes could not be written. */
	close(): Promise<number>;
};

/**
 * Reads as fast as the program writes, and writes as fast as the disk allows, short lines a few milliseconds' worth
 * at once: each write is a walk to another thread. In between lies a queue of a fixed size. A program that is faster
 * than the disk waits for a moment; if that is not enough, lines are lost and counted, or, if asked for, it waits on;
 * it never waits for a disk that fails. What cannot be written is tried again every second.
 */
export const startPump = (options: PumpOptions): Pump => {
	const {fifo, target, queueSize, onSlow, onTrouble} = options;
	const brake = createBrake({queueSize, onSlow, pause: fifo.pause, resume: fifo.resume});
	const ring = createRing(queueSize + spareBytes);
	let failure: string | undefined;
	let isStalled = false;
	let writing: Promise<void> | undefined;
	let retry: NodeJS.Timeout | undefined;
	let pace: NodeJS.Timeout | undefined;
	let lastWrite = 0;
	let isClosing = false;
	let isHurried = false;
	let isResting = options.startsAtRest === true;
	let isReading = false;
	let lostTold = 0;
	const recent = keepEnd();
	const shaper = createShaper(options);
	const lines = boundLines({
		ring,
		capacity: queueSize,
		shaper,
		now: () => new Date(),
		why: () => trouble() ?? 'the disk could not follow',
	});

	const trouble = () => (isStalled ? 'the disk does not answer' : failure);

	const tell = (found: string | undefined) => {
		if (found === failure && lines.lost() === lostTold) return;
		failure = found;
		lostTold = lines.lost();
		onTrouble(trouble(), lostTold);
	};

	const watched = createStallWatch(found => {
		isStalled = found;
		onTrouble(trouble(), lines.lost());
	});

	const take = (piece: Buffer) => {
		recent.add(piece);
		lines.take(piece);
		// A disk that hangs gives no answer that would tell it.
		if (lines.lost() !== lostTold) tell(failure);
		balance();
		writeSoon();
	};

	const balance = () => {
		if (!isHurried && !isResting) brake.check(ring.length(), failure !== undefined);
	};

	const isWorthIt = (): boolean =>
		ring.length() >= promptBytes || isHurried || monotonicMs() - lastWrite >= paceMs;

	const writeSoon = () => {
		if (retry !== undefined || writing !== undefined || ring.length() === 0) return;
		if (isWorthIt()) writeNow();
		else pace ??= setTimeout(writeNow, paceMs);
	};

	const writeNow = () => {
		clearTimeout(pace);
		pace = undefined;
		if (retry === undefined && ring.length() > 0) writing ??= writeAll();
	};

	const writeAll = async (): Promise<void> => {
		// What comes in the same turn goes out in one write.
		await Promise.resolve();
		do {
			lastWrite = monotonicMs();
			const {written, failure: found} = await watched(() => target.write(ring.peek(batchBytes)));
			ring.shift(written);
			tell(found);
			balance();
			if (found !== undefined) {
				writing = undefined;
				tryLater();
				return;
			}
			lines.settle();
		} while (ring.length() > 0 && isWorthIt());
		tell(undefined);
		writing = undefined;
		writeSoon();
	};

	const tryLater = () => {
		if (isClosing) return;
		retry = setTimeout(() => {
			retry = undefined;
			writeNow();
		}, retryMs);
		retry.unref();
	};

	const flush = async () => {
		isHurried = true;
		brake.release();
		fifo.pause();
		if (!isResting) fifo.drain();
		const held = shaper.flush(new Date());
		if (held.length > 0) ring.push(held);
		writeNow();
		await Promise.race([writing, sleep(flushMs, undefined, {ref: false})]);
		isHurried = false;
	};

	const read = () => {
		if (isReading) fifo.resume();
		// The brake lets in as much again.
		else fifo.read(() => ring.room().subarray(0, Math.max(4096, queueSize / 2)), take);
		isReading = true;
	};

	if (options.endsOpen) ring.push(Buffer.from('\n'));
	if (!isResting) read();
	return {
		add: text => take(Buffer.from(text)),
		remark(text) {
			lines.remark(text);
			writeSoon();
		},
		recent() {
			if (!isResting) fifo.drain();
			return recent.content();
		},
		mark: recent.forget,
		giveWay: fifo.giveWay,
		async rest() {
			await flush();
			isResting = true;
		},
		wake() {
			if (!isResting) return;
			isResting = false;
			read();
		},
		async close() {
			isClosing = true;
			clearTimeout(retry);
			retry = undefined;
			await flush();
			fifo.close();
			return ring.length();
		},
	};
};

/** For the line that is completed when the queue is full, and for what we say ourselves. */
const spareBytes = 1_048_576;
const batchBytes = 1_048_576;
/** So much is written at once; less waits until the last write is so many milliseconds ago. */
const promptBytes = 262_144;
const paceMs = 4;
const retryMs = 1000;
/** Less than the 5 s in which a client of the supervisor wants an answer. */
const flushMs = 4000;
