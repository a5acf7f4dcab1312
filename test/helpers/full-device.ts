import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import type {ExecutionContext} from 'ava';
import {skip} from './python.js';
import {temporaryFolder} from './temporary-folder.js';

/** A folder on a file system of 1 MB, which is easily full; undefined, with the reason printed, without the right to mount. */
export const tinyFileSystem = (t: ExecutionContext<unknown>): string | undefined => {
	const folder = temporaryFolder(t);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], {stdio: 'pipe'});
	} catch (error) {
		skip(t, `cannot mount a small file system: ${String(error)}`);
		return undefined;
	}
	t.teardown(() => unmount(folder));
	return folder;
};

/** Takes it away, in use or not; one that is not there is no error. */
export const unmount = (folder: string): void => {
	spawnSync('umount', ['--lazy', folder]);
};

/** Takes all the room that is left; the returned function gives it back. */
export const fillUp = (folder: string): (() => void) => {
	const file = `${folder}/ballast`;
	const fd = fs.openSync(file, 'w');
	try {
		for (;;) fs.writeSync(fd, Buffer.alloc(4096));
	} catch {
		fs.closeSync(fd);
	}
	return () => fs.unlinkSync(file);
};

/** Runs something synchronous on a disk that takes so many bytes more and is full then. */
export const withoutRoom = (bytes: number, run: () => void): void => {
	const {writeSync} = fs;
	let room = bytes;
	const limited = (fd: number, data: Uint8Array): number => {
		if (room === 0) {
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
		}
		const written = writeSync(fd, data.subarray(0, room));
		room -= written;
		return written;
	};
	fs.writeSync = limited as typeof fs.writeSync;
	try {
		run();
	} finally {
		fs.writeSync = writeSync;
	}
};
