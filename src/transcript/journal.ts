import fs from 'node:fs';
import {open, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import type {CutPlan} from './marker.js';
import {takeLock} from './system-tools.js';

/** A cut under way: what recovery must know after a kill. Written before the step that it describes. */
export type CutJournal = {
	readonly version: 1;
	/** `marking`: the marker may be in the file. `cutting`: where it is, is known. `truncating`: no head removal here. */
	readonly stage: 'marking' | 'cutting' | 'truncating';
	/** `rotate`: the head becomes `NAME.1`. `reopen`: the file gets the name `path` back, the head keeps the present one. */
	readonly kind: 'rotate' | 'reopen';
	/** The configured name of the live file. */
	readonly path: string;
	/** The name of the live file when the cut began. */
	readonly liveName: string;
	readonly inode: number;
	/** When the inode was made, in Unix milliseconds; 0 where that is unknown. */
	readonly born: number;
	/** The copy of the head before it gets its name. */
	readonly temporary: string;
	readonly oldFiles: number;
	readonly line: string;
	readonly fill: number;
	/** Size of the live file before the marker. */
	readonly from: number;
	readonly plan?: CutPlan;
	/** Base64 of the bytes `cut` to `end` before the cut: where they stand tells whether it happened. */
	readonly witness?: string;
};

const journalName = 'transcript-cut.json';
const lockName = 'transcript-cut.lock';

/** Writes the journal durably: after the return it survives a power failure. */
export const writeJournal = async (runDirectory: string, journal: CutJournal): Promise<void> => {
	const file = path.join(runDirectory, journalName);
	const handle = await open(`${file}.new`, 'w', 0o600);
	try {
		await handle.writeFile(JSON.stringify(journal));
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(`${file}.new`, file);
	await syncFolder(runDirectory);
};

/** The journal of an unfinished cut, or undefined. */
export const readJournal = (runDirectory: string): CutJournal | undefined => {
	const file = path.join(runDirectory, journalName);
	try {
		const journal: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
		return isJournal(journal) ? journal : undefined;
	} catch (error) {
		if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
		throw error;
	}
};

/** Forgets a cut that is complete, durably. */
export const clearJournal = async (runDirectory: string): Promise<void> => {
	await rm(path.join(runDirectory, journalName), {force: true});
	await syncFolder(runDirectory);
};

/**
 * Runs `work` as the only cut of this state directory, in any process; waits for a cut that another one, or the
 * child of a killed one, still makes. The lock file is never renamed or removed: a second inode would be a second lock.
 */
export const withCutLock = async <Result>(
	runDirectory: string,
	work: (lock: number) => Promise<Result>,
): Promise<Result | {readonly refused: string}> => {
	const lock = await open(path.join(runDirectory, lockName), 'a', 0o600);
	try {
		const {ok, message} = await takeLock(lock.fd, lockWaitSeconds);
		return ok
			? await work(lock.fd)
			: {refused: `another cut of this file does not end (${message})`};
	} finally {
		await lock.close();
	}
};

/** Makes renames in a folder durable. */
export const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
};

const lockWaitSeconds = 30;

const isJournal = (value: unknown): value is CutJournal =>
	typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
