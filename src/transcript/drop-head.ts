import fs from 'node:fs';
import {open} from 'node:fs/promises';
import path from 'node:path';
import type {CutRefusal} from './cut-steps.js';
import {isLasting, knownFileSystem} from './file-system.js';
import {readJournal, withCutLock} from './journal.js';
import {type LiveFile, pathOfDescriptor} from './live-file.js';
import {renderDropLine} from './marker.js';
import {readRange} from './read-range.js';
import {collapseHead} from './system-tools.js';

/**
 * Removes the oldest output from a live file without keeping a copy, so that about `keep` bytes stay: what a limit
 * on the space forbids to keep. The program goes on writing. The file then begins with a line that says how much
 * is missing, in place of the line that was cut. Costs no copying, hence little, however fast the program writes.
 */
export const dropHead = async ({
	live,
	runDirectory,
	keep,
	at = new Date(),
}: {
	readonly live: LiveFile;
	readonly runDirectory: string;
	/** Bytes. */
	readonly keep: number;
	readonly at?: Date;
}): Promise<{readonly removed: number} | CutRefusal> =>
	withCutLock(runDirectory, async lock => {
		if (readJournal(runDirectory) !== undefined) return {refused: 'a cut is not complete'};
		const {size} = fs.fstatSync(live.descriptor);
		const {bsize} = fs.statfsSync(pathOfDescriptor(live.descriptor));
		// A range that reaches the end of the file cannot be removed.
		const excess = Math.min(size - keep, size - 1);
		const length = excess - (excess % bsize);
		if (length <= 0) return {removed: 0};
		const {removesHeads, isUntried} = await knownFileSystem(folderOf(live));
		if (!removesHeads && !isUntried) return keepEnd(live, at);
		// A disk that is too full to try it there has room for this.
		const {ok, message} = await collapseHead({descriptor: live.descriptor, length, lock});
		if (!ok) return isUntried && isLasting(message) ? keepEnd(live, at) : {refused: message};
		await writeHead(live, renderDropLine(length, at));
		return {removed: length};
	});

// Of a file that was deleted, the one that it was in.
const folderOf = ({descriptor}: LiveFile): string =>
	path.dirname(fs.readlinkSync(pathOfDescriptor(descriptor)));

/** The first lines, whole ones, make room for `line`; appends come nowhere near. */
const writeHead = async (live: LiveFile, line: string): Promise<void> => {
	const text = Buffer.from(line);
	const start = readRange(live.descriptor, 0, longestHead);
	const lineEnd = start.indexOf('\n', text.length - 1);
	// Without any line end there is no whole line to lose.
	const length = lineEnd === -1 ? text.length : lineEnd + 1;
	if (start.length < length) return;
	const head = Buffer.alloc(length, ' ');
	text.copy(head, length - text.length);
	const writer = await open(pathOfDescriptor(live.descriptor), 'r+');
	try {
		await writer.write(head, 0, head.length, 0);
	} finally {
		await writer.close();
	}
};

const longestHead = 65_536;

// Where heads cannot be removed: the last part is kept, and what is written at this very moment may be lost.
const keepEnd = (live: LiveFile, at: Date): {readonly removed: number} => {
	const {size} = fs.fstatSync(live.descriptor);
	const end = readRange(live.descriptor, Math.max(0, size - keptWithoutRemoval), size);
	fs.ftruncateSync(live.descriptor, 0);
	const removed = size - end.length;
	fs.writeSync(live.descriptor, Buffer.concat([Buffer.from(renderDropLine(removed, at)), end]));
	return {removed};
};

const keptWithoutRemoval = 1_048_576;
