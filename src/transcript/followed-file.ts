import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {findMarkers, readDropLine, readHead, withoutMarkers} from './marker.js';
import {readRange} from './read-range.js';

const headLength = 8192;
const chunkLength = 65_536;

/** An open file that is read on, as it grows, across removals of its head and truncations. */
export type FollowedFile = {
	readonly inode: number;
	readonly device: number;
	readonly descriptor: number;
	/** Hands on what is new. */
	drain(): Promise<void>;
	close(): void;
};

/** Where the new output goes, and what is said when it begins anew. */
export type FollowSink = {
	readonly signal: AbortSignal;
	readonly write: (chunk: Buffer) => void | Promise<void>;
	readonly truncatedNotice: string;
};

/**
 * Begins to follow an open file at an offset. A changed head tells that the file was cut: then the rest is read in
 * the rotated file (found by its equal head) and the reading goes on behind the marker; output that a rotation
 * moved out of sight within half a second cannot be found. Marker lines are not handed on.
 */
export const followDescriptor = (
	descriptor: number,
	{file, start, sink}: {readonly file: string; readonly start: number; readonly sink: FollowSink},
): FollowedFile => {
	let position = start;
	/** Bytes of markers before `position` which a rotated copy will not have. */
	let skipped = 0;
	let head = readRange(descriptor, 0, headLength);
	/** What stands right before `position`. */
	let lastRead = readRange(descriptor, Math.max(0, start - 64), start);

	const drain = async (): Promise<void> => {
		while (!sink.signal.aborted) {
			const chunk = readRange(descriptor, position, position + chunkLength);
			const isShorter = fs.fstatSync(descriptor).size < position;
			// Looked at after the read: what was read is valid if no cut came before.
			if (isShorter || !hasSameHead()) {
				await resynchronize();
				continue;
			}
			const piece = completePiece(chunk);
			if (piece.length === 0) return;
			const at = position;
			position += piece.length;
			lastRead = Buffer.from(piece.subarray(-64));
			for (const marker of findMarkers(piece)) {
				if (at + marker.start > 0) skipped += marker.end - marker.start;
			}
			await emit(piece, sink);
		}
	};

	const hasSameHead = (): boolean => {
		const present = readRange(descriptor, 0, headLength);
		const isSame = present.subarray(0, head.length).equals(head);
		if (isSame) head = present;
		return isSame;
	};

	const resynchronize = async (): Promise<void> => {
		for (let attempt = 0; attempt < 25; attempt += 1) {
			const present = readRange(descriptor, 0, headLength);
			if (isDropped(present)) return;
			// The line that tells of a removal follows it at once.
			if (findMarkers(present).length === 0 && attempt >= 3) break;
			const marker = readHead(present);
			const rest = marker && openRotated({file, head, rotatedName: marker.rotatedName});
			if (marker && rest) {
				const beyond = await emitRotated(rest, {offset: position - skipped, sink});
				head = present;
				position = marker.length + beyond;
				skipped = 0;
				return;
			}
			await sleep(20);
		}
		await beginAnew();
	};

	/** Its oldest part went for good: what was read last stands further ahead now. */
	const isDropped = (present: Buffer): boolean => {
		const drop = readDropLine(present);
		if (drop === undefined) return false;
		const next = position - drop.bytes;
		const isThere = readRange(descriptor, next - lastRead.length, next).equals(lastRead);
		if (next - lastRead.length < drop.length || !isThere) return false;
		position = next;
		head = present;
		skipped = 0;
		return true;
	};

	const beginAnew = async (): Promise<void> => {
		const {size} = fs.fstatSync(descriptor);
		// Shortened, not written anew: what stands there is known.
		position = size < position && hasHeadOf(size) ? size : 0;
		head = readRange(descriptor, 0, headLength);
		skipped = 0;
		await sink.write(Buffer.from(sink.truncatedNotice));
	};

	const hasHeadOf = (size: number): boolean => {
		const length = Math.min(size, head.length);
		return readRange(descriptor, 0, length).equals(head.subarray(0, length));
	};

	const {ino: inode, dev: device} = fs.fstatSync(descriptor);
	return {inode, device, descriptor, drain, close: () => fs.closeSync(descriptor)};
};

const emit = async (piece: Buffer, {write}: FollowSink): Promise<void> => {
	const output = withoutMarkers(piece);
	if (output.length > 0) await write(output);
};

/**
 * The part of a chunk in which no marker is split: up to its last line end while there is more to read, else
 * without the spaces at its end, which may be the beginning of one.
 */
const completePiece = (chunk: Buffer): Buffer => {
	if (chunk.length === chunkLength) {
		const lineEnd = chunk.lastIndexOf('\n');
		return lineEnd === -1 ? chunk : chunk.subarray(0, lineEnd + 1);
	}
	return withoutEndingSpaces(chunk);
};

const withoutEndingSpaces = (content: Buffer): Buffer => {
	let end = content.length;
	while (end > 0 && content[end - 1] === 0x20) end -= 1;
	return content.subarray(0, end);
};

/** The rotated files that follow a position, oldest first. */
const openRotated = ({
	file,
	head,
	rotatedName,
}: {
	readonly file: string;
	readonly head: Buffer;
	readonly rotatedName: string;
}): readonly number[] | undefined => {
	const known = knownHead(head);
	const folder = path.dirname(realPath(file));
	const base = path.basename(realPath(file));
	const isNumbered = rotatedName === `${base}.1`;
	const opened: number[] = [];
	for (let number = 1; number <= (isNumbered ? 50 : 1); number += 1) {
		const name = isNumbered ? `${base}.${number}` : rotatedName;
		const descriptor = openOrUndefined(path.join(folder, name));
		if (descriptor === undefined) break;
		opened.unshift(descriptor);
		if (readRange(descriptor, 0, known.length).equals(known)) return opened;
	}
	for (const descriptor of opened) fs.closeSync(descriptor);
	return undefined;
};

const emitRotated = async (
	rotated: readonly number[],
	{offset, sink}: {readonly offset: number; readonly sink: FollowSink},
): Promise<number> => {
	let beyond = 0;
	try {
		for (const [index, descriptor] of rotated.entries()) {
			const {size} = fs.fstatSync(descriptor);
			const begin = readHead(readRange(descriptor, 0, headLength))?.length ?? 0;
			let start = index === 0 ? offset : begin + beyond;
			beyond = Math.max(0, start - size);
			while (start < size) {
				const piece = readRange(descriptor, start, Math.min(size, start + chunkLength));
				if (piece.length === 0) break;
				start += piece.length;
				await sink.write(piece);
			}
		}
	} finally {
		for (const descriptor of rotated) fs.closeSync(descriptor);
	}
	return beyond;
};

/** What of a remembered head stands in the copy as well: up to a marker inside it. */
const knownHead = (head: Buffer): Buffer => {
	const inner = findMarkers(head).find(({start}) => start > 0);
	return withoutEndingSpaces(inner ? head.subarray(0, inner.start) : head);
};

const openOrUndefined = (file: string): number | undefined => {
	try {
		return fs.openSync(file, 'r');
	} catch {
		return undefined;
	}
};

const realPath = (file: string): string => {
	try {
		return fs.realpathSync(file);
	} catch {
		return path.resolve(file);
	}
};
