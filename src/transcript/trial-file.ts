import fs from 'node:fs';
import {unlink} from 'node:fs/promises';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import type {Trial} from './disk-watch.js';
import {writeThrough} from './system-tools.js';
import {explainDiskRefusal} from './write-failure.js';

/** A file on the disk of a log, to try what a write to the log would come to. */
export type TrialFile = {
	/** Writes a block and takes it back. Never rejects; does not resolve while the disk hangs. */
	write(): Promise<Trial>;
	close(): void;
};

/** Bytes of a trial. */
export const trialBytes = 4096;

/**
 * Has a file without a name, and no bytes, in a folder: there what is written is charged to the quota that counts for
 * the log, and nobody sees it. It is opened at once, when the disk is well as a rule, and written by a process of its
 * own, so that nothing of ours waits for a disk that hangs.
 */
export const createTrialFile = (folder: string): TrialFile => {
	let descriptor = openAtOnce(folder);
	let isClosed = false;
	const close = (): void => {
		isClosed = true;
		if (descriptor !== undefined) fs.closeSync(descriptor);
		descriptor = undefined;
	};
	return {
		async write() {
			try {
				descriptor ??= isClosed ? undefined : await openLater(folder);
			} catch (error) {
				return refused('file', errorMessage(error));
			}
			if (isClosed) close();
			if (descriptor === undefined) return {trial: 'untried'};
			const {ok, message} = await writeThrough(descriptor, trialBytes).catch(error => ({
				ok: false,
				message: errorMessage(error),
			}));
			return ok ? {trial: 'written'} : refused('write', message);
		},
		close,
	};
};

const refused = (what: 'file' | 'write', message: string): Trial => {
	const failure = explainDiskRefusal(message);
	return failure === undefined ? {trial: 'untried'} : {trial: 'refused', what, failure};
};

/** Asynchronous opening starts the threads of Node, which most supervisors never need. */
const openAtOnce = (folder: string): number | undefined => {
	try {
		return fs.openSync(folder, nameless, 0o600);
	} catch {
		return undefined;
	}
};

const openLater = async (folder: string): Promise<number> => {
	try {
		return await open(folder, nameless);
	} catch (error) {
		// NFS and old kernels know no files without a name.
		if (explainDiskRefusal(errorMessage(error)) !== undefined) throw error;
		const {O_RDWR, O_CREAT, O_EXCL} = fs.constants;
		const file = path.join(folder, `.zeoctl-trial-${process.pid}`);
		const descriptor = await open(file, O_RDWR | O_CREAT | O_EXCL);
		await unlink(file);
		return descriptor;
	}
};

/** With O_TMPFILE of Linux (asm-generic/fcntl.h), which Node does not name. */
const nameless = 0o20_000_000 | fs.constants.O_DIRECTORY | fs.constants.O_RDWR;

const open = (file: string, flags: number): Promise<number> =>
	new Promise((resolve, reject) => {
		fs.open(file, flags, 0o600, (error, descriptor) =>
			error ? reject(error) : resolve(descriptor),
		);
	});
