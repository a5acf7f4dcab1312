import {type FileHandle, open} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {bufferedReader} from './buffered-reader.js';
import {type Scan, scanFromStart, scanTransactions} from './scan-transactions.js';
import {magicLength} from './transaction-header.js';

/** How far a copy is, in bytes. */
export type CopyProgress = {
	readonly step: 'copying' | 'checking';
	readonly done: number;
	readonly total: number;
};

/** What a copy holds. */
export type CopiedFile = {
	/** Bytes of the copy. */
	readonly bytes: number;
	readonly transactions: number;
	/** Of the last one, 16 hexadecimal digits; undefined when there is none. */
	readonly lastTransaction: string | undefined;
	/** Bytes behind it that were left out: a transaction that is not finished. */
	readonly leftOut: number;
	/** From where on the file is no row of transactions; then nothing was left out. */
	readonly damagedAt: number | undefined;
};

type CopyOptions = {
	/** Opened for reading. */
	readonly source: FileHandle;
	/** Opened for reading and writing, empty. */
	readonly target: FileHandle;
	readonly onProgress: (progress: CopyProgress) => void;
	readonly signal: AbortSignal;
};

const chunkLength = 4 * 1024 * 1024;
/** So many times the copy follows a server that goes on writing. What is appended meanwhile gets less and less. */
const mostRounds = 12;
/** Between two looks at something that is no transaction: perhaps a server is just writing one. */
const pauseMs = 100;

/**
 * Copies a data file to which a server may append, up to the last finished transaction, and checks every one of
 * them. Bytes before the end of a finished transaction never change; those behind it are copied again in the next
 * round, because a transaction gets its final status when it is finished. Rejects with system errors and the reason
 * of the signal.
 */
export const copyLiveFile = async (options: CopyOptions): Promise<CopiedFile> => {
	const {source, target, onProgress, signal} = options;
	let scan = scanFromStart;
	let size = 0;
	for (let round = 1; round <= mostRounds; round++) {
		const from = round === 1 ? 0 : scan.end;
		size = await copyRange(options, from);
		scan = await check(options, scan, size);
		const {size: present} = await source.stat();
		if (scan.rest !== 'damaged' && present === size) break;
		if (scan.rest === 'damaged' || present - size < chunkLength) {
			await sleep(pauseMs, undefined, {signal});
		}
		if (scan.rest !== 'damaged' && round > mostRounds / 2) break;
	}
	const bytes = scan.rest === 'damaged' ? size : scan.end;
	await target.truncate(bytes);
	await target.sync();
	onProgress({step: 'checking', done: bytes, total: bytes});
	return {
		bytes,
		transactions: scan.count,
		lastTransaction: scan.lastTid,
		leftOut: size - bytes,
		damagedAt: scan.rest === 'damaged' ? scan.end : undefined,
	};
};

/** Copies from a place to the present end, and cuts off what an earlier round has behind it. Resolves to that end. */
const copyRange = async (
	{source, target, onProgress, signal}: CopyOptions,
	from: number,
): Promise<number> => {
	const {size: total} = await source.stat();
	const bytes = Buffer.allocUnsafe(chunkLength);
	let position = from;
	while (position < total) {
		signal.throwIfAborted();
		const wanted = Math.min(chunkLength, total - position);
		const {bytesRead} = await source.read(bytes, 0, wanted, position);
		if (bytesRead === 0) break;
		await writeWhole(target, bytes.subarray(0, bytesRead), position);
		position += bytesRead;
		onProgress({step: 'copying', done: position, total});
	}
	await target.truncate(position);
	return position;
};

const writeWhole = async (target: FileHandle, bytes: Buffer, position: number): Promise<void> => {
	for (let done = 0; done < bytes.length; ) {
		const {bytesWritten} = await target.write(bytes, done, bytes.length - done, position + done);
		done += bytesWritten;
	}
};

const check = async (
	{target, onProgress, signal}: CopyOptions,
	scan: Scan,
	total: number,
): Promise<Scan> => {
	const reader = bufferedReader(target.fd);
	if (!/^FS(?:30|21)$/.test(reader.read(0, magicLength).toString('latin1'))) {
		return {...scanFromStart, end: 0, rest: 'damaged'};
	}
	return scanTransactions(reader, scan.end === 0 ? scanFromStart : scan, {
		signal,
		onProgress: done => onProgress({step: 'checking', done, total}),
	});
};

/** Opens a file for nobody but us, for a copy; one of that name that is there already is an error. */
export const openForCopy = (file: string): Promise<FileHandle> => open(file, 'wx+', 0o600);
