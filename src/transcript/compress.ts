import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {errorMessage, systemErrorCode} from '../platform/errors.js';
import {syncFolder, withCutLock} from './journal.js';
import {findNames} from './live-file.js';
import {listOldFiles, type OldFile} from './old-files.js';

const fsync = promisify(fs.fsync);

/** Which old file to compress: the oldest that is not, but never the newest, which readers still look into. */
const chooseForCompression = (files: readonly OldFile[]): OldFile | undefined =>
	files.findLast(({number, isCompressed, size}) => number > 1 && !isCompressed && size > 0);

/**
 * Compresses the old files of a log, one after the other, with `gzip` at the lowest priority, a process of its own
 * that dies with us. A compressed file gets its name when it is complete and durable: a crash leaves no half one.
 * Resolves to why it ended early, if it did.
 */
export const compressOldFiles = async ({
	folder,
	name,
	runDirectory,
	signal,
}: {
	readonly folder: string;
	readonly name: string;
	readonly runDirectory: string;
	readonly signal: AbortSignal;
}): Promise<string | undefined> => {
	const temporary = path.join(folder, `.${name}.zeoctl-gzip`);
	try {
		removeCompressedTwice(folder, name);
		for (;;) {
			fs.rmSync(temporary, {force: true});
			const next = chooseForCompression(listOldFiles(folder, name));
			if (next === undefined || signal.aborted) return undefined;
			const refusal = await compressOne(
				{folder, name, temporary, runDirectory, signal},
				next.entry,
			);
			if (refusal !== undefined) return refusal;
		}
	} catch (error) {
		return errorMessage(error);
	} finally {
		fs.rmSync(temporary, {force: true});
	}
};

type Place = {
	readonly folder: string;
	readonly name: string;
	readonly temporary: string;
	readonly runDirectory: string;
	readonly signal: AbortSignal;
};

const compressOne = async (
	{folder, name, temporary, runDirectory, signal}: Place,
	entry: string,
): Promise<string | undefined> => {
	const {O_RDONLY, O_NOFOLLOW} = fs.constants;
	const source = fs.openSync(path.join(folder, entry), O_RDONLY | O_NOFOLLOW);
	try {
		const stats = fs.fstatSync(source);
		const target = fs.openSync(temporary, 'wx', 0o600);
		try {
			const failure = await runGzip(source, target, signal);
			if (failure !== undefined) return failure;
			takeOver(target, stats);
			await fsync(target);
		} finally {
			fs.closeSync(target);
		}
		// Rotations may have given the file another number meanwhile; under the lock it keeps it.
		const outcome = await withCutLock(runDirectory, async () => {
			const present = findNames(folder, stats.ino).find(file =>
				/^\.[1-9]\d*$/.test(path.basename(file).slice(name.length)),
			);
			if (present === undefined) return {};
			fs.renameSync(temporary, `${present}.gz`);
			fs.rmSync(present);
			await syncFolder(folder);
			return {};
		});
		return 'refused' in outcome ? outcome.refused : undefined;
	} catch (error) {
		// Removed by a rotation before it could be read.
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw error;
	} finally {
		fs.closeSync(source);
	}
};

// After a crash between the two names of one content: the size and time in and of the compressed file tell.
const removeCompressedTwice = (folder: string, name: string): void => {
	const files = listOldFiles(folder, name);
	for (const {entry, size, changedMs} of files.filter(({isCompressed}) => !isCompressed)) {
		const twin = files.find(file => file.entry === `${entry}.gz`);
		if (twin === undefined || Math.abs(twin.changedMs - changedMs) > 1) continue;
		if (originalSize(path.join(folder, twin.entry), twin.size) === size % 2 ** 32) {
			fs.rmSync(path.join(folder, entry));
		}
	}
};

/** What the last four bytes of a gzip file say (RFC 1952). */
const originalSize = (file: string, size: number): number | undefined => {
	if (size < 18) return undefined;
	const descriptor = fs.openSync(file, 'r');
	try {
		const trailer = Buffer.alloc(4);
		fs.readSync(descriptor, trailer, 0, 4, size - 4);
		return trailer.readUInt32LE();
	} finally {
		fs.closeSync(descriptor);
	}
};

const takeOver = (target: number, {uid, gid, mode, atime, mtime}: fs.Stats): void => {
	const own = fs.fstatSync(target);
	if (own.uid === uid && own.gid === gid) fs.fchmodSync(target, mode & 0o777);
	else {
		try {
			fs.fchownSync(target, uid, gid);
			fs.fchmodSync(target, mode & 0o777);
		} catch {
			// Only root may give a file away; it then stays ours alone.
		}
	}
	fs.futimesSync(target, atime, mtime);
};

const runGzip = (
	source: number,
	target: number,
	signal: AbortSignal,
): Promise<string | undefined> =>
	new Promise(resolve => {
		const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nice', '-n', '19', 'gzip', '-c'], {
			env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C'},
			stdio: [source, target, 'ignore'],
			signal,
			killSignal: 'SIGKILL',
		});
		child.once('error', error => resolve(`gzip: ${error.message}`));
		child.once('close', code => resolve(code === 0 ? undefined : `gzip ended with status ${code}`));
	});
