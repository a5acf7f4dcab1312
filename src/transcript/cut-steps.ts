import fs from 'node:fs';
import {open, rm} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import {copyHead} from './copy.js';
import {type CutJournal, clearJournal, syncFolder, writeJournal} from './journal.js';
import {type LiveFile, pathOfDescriptor, positionOf} from './live-file.js';
import {type CutPlan, endOfLine, type Mark, planCut, renderHead} from './marker.js';
import {giveNameBack, publish} from './publish.js';
import {readRange} from './read-range.js';
import {appendAtOnce, collapseHead} from './system-tools.js';
import {explainDiskRefusal} from './write-failure.js';

const fdatasync = promisify(fs.fdatasync);

/** The steps of a cut, in order. A kill before or after any of them loses and doubles nothing. */
export const cutSteps = [
	'journal',
	'mark',
	'sync-mark',
	'plan',
	'copy',
	'collapse',
	'sync-cut',
	'blank',
	'reopen',
	'publish',
	'sync-folder',
	'clear',
] as const;

/** One step of a cut; `truncate` takes the place of `mark` to `blank` where heads cannot be removed. */
export type CutStep = (typeof cutSteps)[number] | 'truncate';

/** What a cut works with. `onStep` is called, and awaited, before each step. */
export type CutContext = {
	readonly live: LiveFile;
	readonly runDirectory: string;
	/** The descriptor of the lock that the child inherits. */
	readonly lock: number;
	readonly blockSize: number;
	readonly onStep: (step: CutStep) => void | Promise<void>;
};

/** How a cut ended. `removed` is by how many bytes the live file lost its head: offsets into it shrink by that. */
export type CutResult = {
	readonly lossless: boolean;
	readonly removed: number;
	/** Where the head is now. */
	readonly rotatedTo: string;
	/** Why the name could not be given back. */
	readonly conflict?: string;
	/** What may have been lost, and why. */
	readonly reason?: string;
};

/** A cut that was not made; the file is whole. */
export type CutRefusal = {readonly refused: string};

/** Makes a cut from its first step. */
export const startCut = async (
	context: CutContext,
	journal: CutJournal,
): Promise<CutResult | CutRefusal> => {
	await context.onStep('journal');
	await writeJournal(context.runDirectory, journal);
	await context.onStep('mark');
	const mark = await appendMarker(context, journal);
	if (!('refused' in mark)) return cutAtMark(context, journal, mark);
	await clearJournal(context.runDirectory);
	return mark;
};

/** Goes on when the marker is in the file. */
export const cutAtMark = async (
	context: CutContext,
	journal: CutJournal,
	mark: Mark,
): Promise<CutResult | CutRefusal> => {
	const {live, runDirectory, blockSize, onStep} = context;
	const plan = planCut(mark, await findEnd(live, mark), blockSize);
	await onStep('sync-mark');
	await fdatasync(live.descriptor);
	await onStep('plan');
	const witness = readRange(live.descriptor, plan.cut, plan.end).toString('base64');
	const planned = {...journal, stage: 'cutting', plan, witness} as const;
	await writeJournal(runDirectory, planned);
	return cutAsPlanned(context, planned, plan);
};

/** Goes on when the place of the cut is known and the head is still there. */
export const cutAsPlanned = async (
	context: CutContext,
	journal: CutJournal,
	plan: CutPlan,
): Promise<CutResult | CutRefusal> => {
	const {live, runDirectory, lock, onStep} = context;
	await onStep('copy');
	try {
		await copyHead(live, plan, journal.temporary);
	} catch (error) {
		return abandon(runDirectory, journal, `the head cannot be copied: ${String(error)}`);
	}
	await onStep('collapse');
	const {ok, message} = await collapseHead({descriptor: live.descriptor, length: plan.cut, lock});
	if (!ok && !isCut(live, journal)) return abandon(runDirectory, journal, message);
	return finishCut(context, journal, plan);
};

/** Goes on when the head is gone from the live file. */
export const finishCut = async (
	context: CutContext,
	journal: CutJournal,
	plan: CutPlan,
): Promise<CutResult> => {
	const {live, onStep} = context;
	await onStep('sync-cut');
	await fdatasync(live.descriptor);
	await onStep('blank');
	await blankHead(live, journal, plan);
	return {lossless: true, removed: plan.cut, ...(await finishNames(context, journal))};
};

/** The renames at the end, for both ways of cutting. */
export const finishNames = async (
	{
		live,
		runDirectory,
		onStep,
	}: Pick<CutContext, 'runDirectory' | 'onStep'> & {
		/** Absent when the file is gone. */
		readonly live?: LiveFile;
	},
	journal: CutJournal,
): Promise<{readonly rotatedTo: string; readonly conflict?: string}> => {
	await onStep('reopen');
	const conflict =
		journal.kind === 'reopen' && live !== undefined ? await giveNameBack(live, journal) : undefined;
	await onStep('publish');
	const rotatedTo = await publish(live, journal);
	await onStep('sync-folder');
	const folders = [journal.path, journal.temporary].map(file => path.dirname(file));
	for (const folder of new Set(folders)) if (fs.existsSync(folder)) await syncFolder(folder);
	await onStep('clear');
	await clearJournal(runDirectory);
	return conflict === undefined ? {rotatedTo} : {rotatedTo, conflict};
};

/**
 * Whether the head is gone: the bytes around the marker, which are durable in file and journal before the cut, no
 * longer stand where they stood. Unlike the physical address of the first block it survives defragmentation and
 * a truncation by others, which then counts as gone: the copy is kept.
 */
export const isCut = ({descriptor}: LiveFile, {plan, witness}: CutJournal): boolean =>
	plan === undefined || readRange(descriptor, plan.cut, plan.end).toString('base64') !== witness;

const appendMarker = async (
	{live: {descriptor}, lock}: CutContext,
	{fill, line}: CutJournal,
): Promise<Mark | CutRefusal> => {
	const text = ' '.repeat(fill) + line;
	const {ok, message} = await appendAtOnce({descriptor, text, lock});
	if (!ok) return {refused: explainDiskRefusal(message) ?? message};
	// The descriptor is ours alone, so its position tells where the append landed.
	const end = positionOf(descriptor);
	const start = end - Buffer.byteLength(text);
	// A disk that was full for a moment takes it in two pieces, and the program may have written between them.
	if (readRange(descriptor, start, end).toString() !== text) return {refused: 'the disk is full'};
	return {start, line: end - Buffer.byteLength(line), end};
};

// A program that writes in blocks may have been in the middle of a line: the rest of it follows the marker, on a busy
// machine after a while.
const findEnd = async ({descriptor}: LiveFile, mark: Mark): Promise<number> => {
	const before = readRange(descriptor, Math.max(0, mark.start - 1), mark.start);
	if (before.length === 0 || endOfLine(before, 0) !== undefined) return mark.end;
	for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
		const after = readRange(descriptor, mark.end, mark.end + longestRest);
		const rest = endOfLine(after, 0);
		if (rest !== undefined) return mark.end + rest;
		if (after.length === longestRest) break;
		await sleep(5);
	}
	return mark.end;
};

const longestRest = 16_384;
/** Two seconds. */
const mostAttempts = 400;

// What is left of the head in the first block, if it is not the marker alone, is in the copy too.
const blankHead = async (live: LiveFile, journal: CutJournal, plan: CutPlan): Promise<void> => {
	const head = renderHead(plan, journal.line);
	const present = readRange(live.descriptor, 0, head.length);
	const witness = Buffer.from(journal.witness ?? '', 'base64');
	// A kill or a power failure in the middle of it has left a part.
	const isOurs = present.every((byte, index) => byte === head[index] || byte === witness[index]);
	if (!isOurs || present.length < head.length || present.equals(head)) return;
	// An append-only descriptor would write at the end whatever the offset.
	const writer = await open(pathOfDescriptor(live.descriptor), 'r+');
	try {
		await writer.write(head, 0, head.length, 0);
		await writer.datasync();
	} finally {
		await writer.close();
	}
};

const abandon = async (
	runDirectory: string,
	{temporary}: CutJournal,
	reason: string,
): Promise<CutRefusal> => {
	await rm(temporary, {force: true});
	await clearJournal(runDirectory);
	return {refused: reason};
};
