import fs from 'node:fs';
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {
	type CutContext,
	type CutRefusal,
	type CutResult,
	cutAsPlanned,
	cutAtMark,
	finishCut,
	finishNames,
	isCut,
} from './cut-steps.js';
import {type CutJournal, clearJournal, readJournal} from './journal.js';
import {findNames, type LiveFile, openFile, pathOfDescriptor} from './live-file.js';
import type {Mark} from './marker.js';
import {holdsCopy} from './truncate.js';

/** What a cut needs before its file is open. */
export type CutSurroundings = Omit<CutContext, 'live' | 'blockSize'>;

/**
 * Goes on with the cut that the journal tells of, from where it was killed. The lock must be held. The file is
 * found by its inode, wherever an outside rotation has moved it.
 */
export const recoverUnderLock = async (
	surroundings: CutSurroundings,
): Promise<CutResult | CutRefusal | undefined> => {
	const journal = readJournal(surroundings.runDirectory);
	if (journal === undefined) return undefined;
	const live = openByInode(journal);
	// Nothing of a file that is gone can be doubled any more, so the copy is kept.
	if (live === undefined) {
		return {lossless: true, removed: 0, ...(await finishNames(surroundings, journal))};
	}
	try {
		return await recover(withFile(surroundings, live), journal);
	} finally {
		live.close();
	}
};

const recover = (
	context: CutContext,
	journal: CutJournal,
): Promise<CutResult | CutRefusal | undefined> => {
	const {plan} = journal;
	if (journal.stage === 'truncating') return recoverTruncation(context, journal);
	if (plan === undefined) return recoverMarking(context, journal);
	return isCut(context.live, journal)
		? finishCut(context, journal, plan)
		: cutAsPlanned(context, journal, plan);
};

const recoverMarking = async (
	context: CutContext,
	journal: CutJournal,
): Promise<CutResult | CutRefusal | undefined> => {
	const mark = findMark(context.live, journal);
	if (mark !== undefined) return cutAtMark(context, journal, mark);
	await clearJournal(context.runDirectory);
	return undefined;
};

const openByInode = (journal: CutJournal): LiveFile | undefined => {
	const folders = new Set([journal.liveName, journal.path].map(file => path.dirname(file)));
	const name = [...folders].flatMap(folder => findNames(folder, journal.inode))[0];
	const live = name === undefined ? undefined : openFile(name);
	if (live === undefined || 'refused' in live) return undefined;
	// The number may belong to another file by now.
	if (fs.fstatSync(live.descriptor).birthtimeMs === journal.born) return live;
	live.close();
	return undefined;
};

const recoverTruncation = async (
	context: CutContext,
	journal: CutJournal,
): Promise<CutResult | undefined> => {
	if (fs.existsSync(journal.temporary) && !holdsCopy(context.live, journal.temporary)) {
		return {lossless: true, removed: 0, ...(await finishNames(context, journal))};
	}
	await rm(journal.temporary, {force: true});
	await clearJournal(context.runDirectory);
	return undefined;
};

/** Adds the file that is to be cut. */
export const withFile = (surroundings: CutSurroundings, live: LiveFile): CutContext => {
	const {bsize: blockSize} = fs.statfsSync(pathOfDescriptor(live.descriptor));
	return {...surroundings, live, blockSize};
};

// After a kill between the append and its record: the marker stands at or after the size that was noted before.
const findMark = ({descriptor}: LiveFile, {from, fill, line}: CutJournal): Mark | undefined => {
	const marker = Buffer.from(' '.repeat(fill) + line);
	const chunk = Buffer.allocUnsafe(searchChunk + marker.length);
	for (let offset = from; offset < from + searchLimit; offset += searchChunk) {
		const count = fs.readSync(descriptor, chunk, 0, chunk.length, offset);
		const index = chunk.subarray(0, count).indexOf(marker);
		if (index !== -1) {
			const end = offset + index + marker.length;
			return {start: offset + index, line: end - Buffer.byteLength(line), end};
		}
		if (count < chunk.length) return undefined;
	}
	return undefined;
};

const searchChunk = 1_048_576;
const searchLimit = 268_435_456;
