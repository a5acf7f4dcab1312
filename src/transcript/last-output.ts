import fs from 'node:fs';
import path from 'node:path';
import {systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {adviseOnOpening, explainOpening} from '../platform/open-trouble.js';
import {findLastLines} from './last-lines.js';
import {pathOfDescriptor} from './live-file.js';
import {withoutMarkers} from './marker.js';
import {readRange} from './read-range.js';
import {collapseHead} from './system-tools.js';

/** The output of a program without a transcript, as far as it is kept. */
export type LastOutput = {
	/** Open for appending: the program's stdout and stderr. */
	readonly descriptor: number;
	readonly path: string;
	/** Where the next byte goes, as an offset for `linesSince` which stays valid when the file is trimmed. */
	position(): number;
	/** The last lines printed since then. */
	linesSince(position: number): readonly string[];
	/** Drops old output if there is too much of it. */
	trim(): Promise<void>;
	/** Stops watching and closes the descriptor; the program keeps its own. */
	close(): void;
};

const mostBytes = 262_144;
const keptBytes = 65_536;
const pauseMs = 1000;

/**
 * Opens `output` (mode 0600) in the run-state folder and keeps it short while the program writes to it. It is
 * looked at only after it changed, and at most once a second. Throws a `TRANSCRIPT` error where it cannot be had.
 */
export const openLastOutput = (directory: string): LastOutput => {
	const file = path.join(directory, 'output');
	const descriptor = openPrivate(file);
	let dropped = 0;
	let removal: {readonly size: number; readonly length: number} | undefined;
	let isClosed = false;
	let watcher: fs.FSWatcher | undefined;
	let pause: NodeJS.Timeout | undefined;

	const trim = async () => {
		const {size} = fs.fstatSync(descriptor);
		if (size <= mostBytes) return;
		const {bsize} = fs.statfsSync(file);
		const excess = size - keptBytes;
		const length = excess - (excess % bsize);
		removal = {size, length};
		const {ok} = await collapseHead({descriptor, length});
		removal = undefined;
		if (isClosed) return;
		dropped += ok ? length : truncate(descriptor);
	};

	// The head may be gone before its removal is reported.
	const droppedByNow = (): number =>
		removal !== undefined && fs.fstatSync(descriptor).size < removal.size
			? dropped + removal.length
			: dropped;

	const look = () => {
		watcher?.close();
		if (isClosed || pause !== undefined) return;
		pause = setTimeout(() => {
			pause = undefined;
			trim().then(arm, arm);
		}, pauseMs);
		pause.unref();
	};

	const arm = () => {
		if (isClosed) return;
		try {
			watcher = fs.watch(`/proc/self/fd/${descriptor}`, look);
			watcher.on('error', () => watcher?.close());
			watcher.unref();
			// What came while nobody watched.
			if (fs.fstatSync(descriptor).size > mostBytes) look();
		} catch {
			// Without a watch (no inotify instances left) the file is trimmed at the next start.
		}
	};

	arm();
	return {
		descriptor,
		path: file,
		position: () => droppedByNow() + fs.fstatSync(descriptor).size,
		linesSince: position => lastOutputOf(descriptor, Math.max(0, position - droppedByNow())),
		trim,
		close() {
			isClosed = true;
			watcher?.close();
			clearTimeout(pause);
			fs.closeSync(descriptor);
		},
	};
};

const openPrivate = (file: string): number => {
	const {O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR} = fs.constants;
	try {
		const descriptor = fs.openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
		fs.fchmodSync(descriptor, 0o600);
		return descriptor;
	} catch (cause) {
		const code = systemErrorCode(cause) ?? '';
		const attempt = `cannot keep the output of the program in '${file}'`;
		throw new ZeoctlError('TRANSCRIPT', `${attempt}: ${explainOpening(code)}`, {
			cause,
			hint: adviseOnOpening(file, code),
		});
	}
};

/**
 * The last ten lines of a program's output after an offset, without empty ones at the end; [] if it cannot be read.
 * A descriptor may be open for writing only.
 */
export const lastOutputOf = (source: string | number, sinceOffset: number): readonly string[] => {
	try {
		// A program that printed nothing costs its restart nothing.
		if (typeof source === 'number' && fs.fstatSync(source).size === sinceOffset) return [];
		const file = typeof source === 'number' ? pathOfDescriptor(source) : source;
		// A FIFO would wait for a writer, and a terminal has no past.
		if (!fs.statSync(file).isFile()) return [];
		const descriptor = fs.openSync(file, 'r');
		try {
			return lastLinesOf(readSince(descriptor, sinceOffset));
		} finally {
			fs.closeSync(descriptor);
		}
	} catch {
		return [];
	}
};

const readSince = (descriptor: number, sinceOffset: number): Buffer => {
	const {size} = fs.fstatSync(descriptor);
	// A file that was cut in this life is shorter than it was.
	const from = sinceOffset > size ? 0 : sinceOffset;
	// More than ten, for a marker and empty lines may be among them.
	const {start, end} = findLastLines(descriptor, {lines: 20, maxBytes: 65_536, from});
	return withoutMarkers(readRange(descriptor, start, end));
};

/** The last ten lines of a piece of output, without empty ones at the end. */
export const lastLinesOf = (content: Buffer): readonly string[] => {
	const text = content.toString().trimEnd();
	if (text === '') return [];
	return text
		.split('\n')
		.slice(-10)
		.map(line => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
};

const longestLine = 1000;

// Where heads cannot be removed: the end is kept, and what is written at this very moment may be lost.
const truncate = (descriptor: number): number => {
	const {size} = fs.fstatSync(descriptor);
	const end = readRange(descriptor, size - keptBytes, size);
	fs.ftruncateSync(descriptor, 0);
	fs.writeSync(descriptor, end);
	return size - end.length;
};
