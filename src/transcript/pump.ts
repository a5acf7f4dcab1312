import {setTimeout as sleep} from 'node:timers/promises';
import {boundLines} from './bounded-lines.js';
import type {Fifo} from './fifo.js';
import {createRing} from './ring.js';
import {createShaper} from './shape-lines.js';

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
	/** What the writing fails of, undefined when it works again; how many lines were lost so far. */
	/** Whether it is woken before it reads. */
	readonly startsAtRest?: boolean;
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
	/** Writes all that is in the pipe and in the queue and reads no more, until it is woken. */
	rest(): Promise<void>;
	wake(): void;
	/** As a rest, for ever; resolves to how many bytes could not be written. */
	close(): Promise<number>;
};

/**
 * Reads as fast as the program writes, and writes as fast as the disk allows; in between lies a queue of a fixed
 * size. Beyond it lines are lost and counted, or, if asked for, the program waits; it never waits for a disk that
 * fails. What cannot be written is tried again every second.
 */
export const startPump = (options: PumpOptions): Pump => {
	const {fifo, target, queueSize, onSlow, onTrouble} = options;
	const ring = createRing(queueSize + spareBytes);
	let failure: string | undefined;
	let writing: Promise<void> | undefined;
	let retry: NodeJS.Timeout | undefined;
	let isPaused = false;
	let isClosing = false;
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
		why: () => failure ?? 'the disk could not follow',
	});

	const tell = (found: string | undefined) => {
		if (found === failure && lines.lost() === lostTold) return;
		failure = found;
		lostTold = lines.lost();
		onTrouble(failure, lostTold);
	};

	const take = (piece: Buffer) => {
		recent.add(piece);
		lines.take(piece);
		if (onSlow === 'block' && failure === undefined && ring.length() > queueSize / 2) {
			isPaused = true;
			fifo.pause();
		}
		if (retry === undefined) writing ??= writeAll();
	};

	const goOn = () => {
		if (!isPaused || isResting || (ring.length() > queueSize / 4 && failure === undefined)) return;
		isPaused = false;
		fifo.resume();
	};

	const writeAll = async (): Promise<void> => {
		// What comes in the same turn goes out in one write.
		await Promise.resolve();
		while (ring.length() > 0) {
			const {written, failure: found} = await target.write(ring.peek(batchBytes));
			ring.shift(written);
			tell(found);
			goOn();
			if (found !== undefined) {
				writing = undefined;
				tryLater();
				return;
			}
			lines.settle();
		}
		tell(undefined);
		writing = undefined;
	};

	const tryLater = () => {
		if (isClosing) return;
		retry = setTimeout(() => {
			retry = undefined;
			writing ??= writeAll();
		}, retryMs);
		retry.unref();
	};

	const flush = async () => {
		if (!isResting) fifo.drain();
		const held = shaper.flush(new Date());
		if (held.length > 0) ring.push(held);
		if (retry === undefined && ring.length() > 0) writing ??= writeAll();
		await Promise.race([writing, sleep(flushMs, undefined, {ref: false})]);
	};

	const read = () => {
		if (isReading) fifo.resume();
		else fifo.read(take);
		isReading = true;
	};

	if (options.endsOpen) ring.push(Buffer.from('\n'));
	if (!isResting) read();
	return {
		add: text => take(Buffer.from(text)),
		remark(text) {
			lines.remark(text);
			if (retry === undefined) writing ??= writeAll();
		},
		recent() {
			if (!isResting) fifo.drain();
			return recent.content();
		},
		mark: recent.forget,
		async rest() {
			fifo.pause();
			await flush();
			isResting = true;
		},
		wake() {
			if (!isResting) return;
			isResting = false;
			read();
		},
		async close() {
			fifo.pause();
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
const retryMs = 1000;
const flushMs = 5000;

/** The last bytes of a stream; moved only when the memory is full, for pieces may be small and many. */
const keepEnd = () => {
	const memory = Buffer.alloc(2 * keptBytes);
	let length = 0;
	return {
		add(piece: Buffer) {
			const end = piece.subarray(Math.max(0, piece.length - keptBytes));
			if (length + end.length > memory.length) {
				memory.copyWithin(0, length - keptBytes, length);
				length = keptBytes;
			}
			length += end.copy(memory, length);
		},
		content: (): Buffer => Buffer.from(memory.subarray(Math.max(0, length - keptBytes), length)),
		forget() {
			length = 0;
		},
	};
};

const keptBytes = 32_768;
