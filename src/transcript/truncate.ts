import fs from 'node:fs';
import {rm} from 'node:fs/promises';
import {copyAll} from './copy.js';
import {type CutContext, type CutRefusal, type CutResult, finishNames} from './cut-steps.js';
import {type CutJournal, clearJournal, writeJournal} from './journal.js';
import type {LiveFile} from './live-file.js';
import {readRange} from './read-range.js';

/**
 * Copies the whole file and empties it, where heads cannot be removed. What the program writes between the last
 * read and the truncation, some microseconds which are measured, is lost.
 */
export const copyAndTruncate = async (
	context: CutContext,
	journal: CutJournal,
	why: string,
): Promise<CutResult | CutRefusal> => {
	const {live, runDirectory, onStep} = context;
	await onStep('journal');
	const truncating = {...journal, stage: 'truncating'} as const;
	await writeJournal(runDirectory, truncating);
	await onStep('copy');
	try {
		const copy = await copyAll(live, journal.temporary);
		try {
			await copy.sync();
			await onStep('truncate');
			const {removed, windowMs} = moveRest(live, copy.fd);
			await copy.sync();
			const reason = `${why}, so it was copied and truncated: what the program wrote within ${windowMs.toFixed(3)} ms may be lost`;
			return {lossless: false, removed, reason, ...(await finishNames(context, truncating))};
		} finally {
			await copy.close();
		}
	} catch (error) {
		// Not yet truncated: the live file is whole. Otherwise the journal stays, and recovery keeps the copy.
		if (holdsCopy(live, journal.temporary)) {
			await rm(journal.temporary, {force: true});
			await clearJournal(runDirectory);
		}
		return {refused: `the file cannot be copied: ${String(error)}`};
	}
};

/** Whether the live file still begins with all that was copied: it was not truncated. */
export const holdsCopy = (live: LiveFile, temporary: string): boolean => {
	if (!fs.existsSync(temporary)) return false;
	const copy = fs.openSync(temporary, 'r');
	try {
		const {size} = fs.fstatSync(copy);
		const starts = [0, Math.max(0, size - sample)];
		return starts.every(start => {
			const end = Math.min(size, start + sample);
			return readRange(copy, start, end).equals(readRange(live.descriptor, start, end));
		});
	} finally {
		fs.closeSync(copy);
	}
};

const sample = 65_536;

// Without a pause between the last read and the truncation.
const moveRest = (live: LiveFile, copy: number) => {
	let copied = fs.fstatSync(copy).size;
	const chunk = Buffer.allocUnsafe(1_048_576);
	for (;;) {
		const before = process.hrtime.bigint();
		const count = fs.readSync(live.descriptor, chunk, 0, chunk.length, copied);
		if (count === 0) {
			fs.ftruncateSync(live.descriptor, 0);
			return {removed: copied, windowMs: Number(process.hrtime.bigint() - before) / 1e6};
		}
		fs.writeSync(copy, chunk, 0, count, copied);
		copied += count;
	}
};
