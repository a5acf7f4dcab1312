import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {type FileHandle, open, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {errorMessage, systemErrorCode} from '../platform/errors.js';
import {syncFolder, withCutLock} from './journal.js';
import {findNames} from './live-file.js';
import {listOldFiles, type OldFile} from './old-files.js';

/** Which old file to compress: the oldest that is not, but never the newest, which readers still look into. */
const chooseForCompression = (files: readonly OldFile[]): OldFile | undefined =>
	files.findLast(({number, isCompressed, size}) => number > 1 && !isCompressed && size > 0);

/** What is to be respected meanwhile. */
type Surroundings = {
	readonly runDirectory: string;
	readonly signal: AbortSignal;
	/** Runs `work` while no rotation of this process is under way which takes no lock. */
	readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/**
 * Compresses the old files of a log, one after the other, with `gzip` at the lowest priority, a process of its own
 * that dies with us. A compressed file gets its name when it is complete and durable: a crash leaves no half one.
 * Resolves to why it ended early, if it did.
 */
export const compressOldFiles = async ({
	folder,
	name,
	...surroundings
}: Surroundings & {
	readonly folder: string;
	readonly name: string;
}): Promise<string | undefined> => {
	const temporary = path.join(folder, `.${name}.zeoctl-gzip`);
	const {signal} = surroundings;
	try {
		const cleared = await undisturbed(surroundings, () => removeCompressedTwice(folder, name));
		if ('refused' in cleared) return cleared.refused;
		for (;;) {
			await rm(temporary, {force: true});
			const next = chooseForCompression(await listOldFiles(folder, name));
			if (next === undefined || signal.aborted) return undefined;
			const refusal = await compressOne({...surroundings, folder, name, temporary}, next.entry);
			if (refusal !== undefined) return refusal;
		}
	} catch (error) {
		return errorMessage(error);
	} finally {
		await rm(temporary, {force: true});
	}
};

type Place = Surroundings & {
	readonly folder: string;
	readonly name: string;
	readonly temporary: string;
};

/** Runs `work` while no rotation gives files of the log other names; `refused` says why that cannot be. */
const undisturbed = (
	{runDirectory, inTurn}: Surroundings,
	work: () => Promise<void>,
): Promise<{readonly refused: string} | Record<string, never>> =>
	withCutLock(runDirectory, async () => {
		await inTurn(work);
		return {};
	});

const compressOne = async (place: Place, entry: string): Promise<string | undefined> => {
	try {
		return await compressFile(place, path.join(place.folder, entry));
	} catch (error) {
		// Moved on or removed by a rotation before it could be read.
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw error;
	}
};

const compressFile = async (place: Place, file: string): Promise<string | undefined> => {
	const {folder, name, temporary, signal} = place;
	const {O_RDONLY, O_NOFOLLOW} = fs.constants;
	const source = await open(file, O_RDONLY | O_NOFOLLOW);
	try {
		const stats = await source.stat();
		const target = await open(temporary, 'wx', 0o600);
		try {
			const failure = await runGzip(source.fd, target.fd, signal);
			if (failure !== undefined) return failure;
			await takeOver(target, stats);
			await target.sync();
		} finally {
			await target.close();
		}
		// Rotations may have given the file another number meanwhile; now it keeps it.
		const outcome = await undisturbed(place, async () => {
			const present = findNames(folder, stats.ino).find(file =>
				/^\.[1-9]\d*$/.test(path.basename(file).slice(name.length)),
			);
			if (present === undefined) return;
			await rename(temporary, `${present}.gz`);
			await rm(present);
			await syncFolder(folder);
		});
		return 'refused' in outcome ? outcome.refused : undefined;
	} finally {
		await source.close();
	}
};

// After a crash between the two names of one content: the size and time in and of the compressed file tell.
const removeCompressedTwice = async (folder: string, name: string): Promise<void> => {
	const files = await listOldFiles(folder, name);
	for (const {entry, size, changedMs} of files.filter(({isCompressed}) => !isCompressed)) {
		const twin = files.find(file => file.entry === `${entry}.gz`);
		if (twin === undefined || Math.abs(twin.changedMs - changedMs) > 1) continue;
		if ((await originalSize(path.join(folder, twin.entry), twin.size)) === size % 2 ** 32) {
			await rm(path.join(folder, entry));
		}
	}
};

/** What the last four bytes of a gzip file say (RFC 1952). */
const originalSize = async (file: string, size: number): Promise<number | undefined> => {
	if (size < 18) return undefined;
	const handle = await open(file, 'r');
	try {
		const trailer = Buffer.alloc(4);
		await handle.read(trailer, 0, 4, size - 4);
		return trailer.readUInt32LE();
	} finally {
		await handle.close();
	}
};

const takeOver = async (
	target: FileHandle,
	{uid, gid, mode, atime, mtime}: fs.Stats,
): Promise<void> => {
	const own = await target.stat();
	if (own.uid === uid && own.gid === gid) await target.chmod(mode & 0o777);
	else {
		try {
			await target.chown(uid, gid);
			await target.chmod(mode & 0o777);
		} catch {
			// Only root may give a file away; it then stays ours alone.
		}
	}
	await target.utimes(atime, mtime);
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
