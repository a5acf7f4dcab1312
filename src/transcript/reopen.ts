import fs from 'node:fs';
import {link, open, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {temporaryName} from './copy.js';
import {cutHead} from './cut.js';
import type {CutResult, CutStep} from './cut-steps.js';
import {readJournal} from './journal.js';
import {
	findName,
	isNameOf,
	type LiveFile,
	type LiveSource,
	objectionToWriter,
	openLive,
	pathOfDescriptor,
} from './live-file.js';
import {objectionToPath} from './publish.js';

/** The answer to `reopen_transcript`. */
export type ReopenResult = {
	/** The file at the configured path is the one that the program writes to. */
	readonly confirmed: boolean;
	readonly lossless: boolean;
	/** Why it is not confirmed, or what may have been lost. */
	readonly reason?: string;
	/** By how many bytes the live file lost its head: offsets into it shrink by that. */
	readonly removed: number;
	/** Where the earlier output is, when it was separated. */
	readonly rotatedTo?: string;
};

/**
 * Makes the file that the program writes to `path` again, after somebody renamed it, and leaves what was written
 * before under the name it was given. The program does nothing and is not interrupted.
 */
export const reopenTranscript = async ({
	path: file,
	runDirectory,
	at = new Date(),
	onStep = () => {},
	...source
}: LiveSource & {
	readonly path: string;
	readonly runDirectory: string;
	readonly at?: Date;
	readonly onStep?: (step: CutStep) => void | Promise<void>;
}): Promise<ReopenResult> => {
	if (isOurDevice(file, source)) return confirmed;
	const live = openLive(source);
	if ('refused' in live) return notConfirmed(live.refused);
	try {
		if (isNameOf(file, live) && readJournal(runDirectory) === undefined) return confirmed;
		const outcome = await cutHead({live, runDirectory, at, onStep}, recovered =>
			prepare(file, live, {...source, recovered}),
		);
		if ('instead' in outcome) return outcome.instead;
		if ('refused' in outcome) return notConfirmed(outcome.refused);
		const {conflict, ...result} = outcome;
		if (conflict !== undefined) return {...result, confirmed: false, reason: conflict};
		return {...result, confirmed: isNameOf(file, live)};
	} finally {
		live.close();
	}
};

const confirmed: ReopenResult = {confirmed: true, lossless: true, removed: 0};

const notConfirmed = (reason: string): ReopenResult => ({
	confirmed: false,
	lossless: true,
	removed: 0,
	reason,
});

const prepare = async (
	file: string,
	live: LiveFile,
	{programPid, recovered}: LiveSource & {readonly recovered: CutResult | undefined},
) => {
	if (isNameOf(file, live)) {
		return {instead: {...confirmed, removed: recovered?.removed ?? 0}};
	}
	const obstacle = objectionToPath(file);
	if (obstacle !== undefined) return {instead: notConfirmed(obstacle)};
	const liveName = findName(live, path.dirname(file));
	if (liveName === undefined) return {instead: notConfirmed(deletedReason(programPid))};
	if (fs.statSync(path.dirname(file)).dev !== live.device) {
		return {instead: notConfirmed('the file was moved to another file system')};
	}
	const objection = programPid === undefined ? undefined : objectionToWriter(programPid, live);
	if (objection !== undefined) return {instead: notConfirmed(objection)};
	if (fs.fstatSync(live.descriptor).size === 0) return {instead: await swapEmpty(file, liveName)};
	const rotatedName = path.basename(liveName);
	return {kind: 'reopen', path: file, liveName, rotatedName, oldFiles: 0} as const;
};

// Nothing was written yet: only the names change places.
const swapEmpty = async (file: string, liveName: string): Promise<ReopenResult> => {
	const temporary = temporaryName(liveName);
	await rm(temporary, {force: true});
	const empty = await open(temporary, 'wx', fs.statSync(liveName).mode & 0o777);
	await empty.close();
	await rm(file, {force: true});
	await link(liveName, file);
	await rename(temporary, liveName);
	return {...confirmed, rotatedTo: liveName};
};

const deletedReason = (programPid: number | undefined): string =>
	programPid === undefined
		? 'the program writes to a file that was deleted; restart the program'
		: `the program writes to a file that was deleted; save it with "cp /proc/${programPid}/fd/1 FILE", then restart the program`;

// A device or a FIFO cannot be renamed away from the program; it is right as long as the path still leads to it.
const isOurDevice = (file: string, {descriptor, programPid}: LiveSource): boolean => {
	const link = descriptor === undefined ? `/proc/${programPid}/fd/1` : pathOfDescriptor(descriptor);
	try {
		const [live, named] = [fs.statSync(link), fs.statSync(file)];
		return !live.isFile() && live.ino === named.ino && live.dev === named.dev;
	} catch {
		return false;
	}
};
