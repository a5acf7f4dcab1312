import fs from 'node:fs';
import {copyFile, type FileHandle, open, rm} from 'node:fs/promises';
import path from 'node:path';
import {syncFolder} from './journal.js';
import {type LiveFile, pathOfDescriptor} from './live-file.js';
import type {CutPlan} from './marker.js';
import {readRange} from './read-range.js';

/** Where the head of a file is copied before it gets its name: hidden, in the same folder. */
export const temporaryName = (liveName: string): string =>
	path.join(path.dirname(liveName), `.${path.basename(liveName)}.zeoctl-cut`);

/** Copies what the program wrote before the cut, with owner and mode of the live file; durable on return. */
export const copyHead = async (live: LiveFile, plan: CutPlan, temporary: string): Promise<void> => {
	const copy = await copyAll(live, temporary);
	try {
		await copy.truncate(plan.mark.start);
		const rest = readRange(live.descriptor, plan.mark.end, plan.end);
		const {bytesWritten} = await copy.write(rest, 0, rest.length, plan.mark.start);
		if (bytesWritten < rest.length) throw new Error('the disk is full');
		await copy.sync();
	} finally {
		await copy.close();
	}
	await syncFolder(path.dirname(temporary));
};

/** Copies the whole live file as it is now; returns the copy, open for writing. */
export const copyAll = async (live: LiveFile, temporary: string): Promise<FileHandle> => {
	await rm(temporary, {force: true});
	// A clone where the file system shares blocks, else a copy inside the kernel.
	const {COPYFILE_EXCL, COPYFILE_FICLONE} = fs.constants;
	await copyFile(pathOfDescriptor(live.descriptor), temporary, COPYFILE_EXCL | COPYFILE_FICLONE);
	const copy = await open(temporary, 'r+');
	await takeOwner(copy, live.descriptor);
	return copy;
};

const takeOwner = async (copy: FileHandle, original: number): Promise<void> => {
	const {uid, gid} = fs.fstatSync(original);
	const own = await copy.stat();
	if (own.uid === uid && own.gid === gid) return;
	try {
		await copy.chown(uid, gid);
	} catch {
		// Only root may give a file away; what others could read then belongs to us alone.
		await copy.chmod(0o600);
	}
};
