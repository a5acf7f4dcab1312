import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {skip} from './python.js';

/** How a file system of each kind is made, in a file of so many megabytes, which stays mostly empty. */
const makers = {
	ext4: {words: ['mkfs.ext4', '-q', '-F'], megabytes: 64},
	xfs: {words: ['mkfs.xfs', '-q', '-f'], megabytes: 320},
	btrfs: {words: ['mkfs.btrfs', '-q', '-f'], megabytes: 128},
} as const;

/** Of the root group of the first version of cgroups, so that it holds for what the kernel itself writes later, too. */
const writeLimits = '/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device';

type ImageOptions = {
	readonly megabytes?: number;
	/** Whether each write waits until it is on the device. */
	readonly isSynchronous?: boolean;
};

/** A file system of its own, in a loop device. */
export type Image = {
	readonly folder: string;
	/** Runs a program on it, as root; throws what it says. */
	run(command: string, ...args: readonly string[]): string;
	/** Lets nobody write any more: a disk that hangs. The returned function ends that. */
	freeze(): () => void;
	/**
	 * Lets through so many bytes per second from now on: a slow disk. The returned function ends that. Undefined where
	 * the kernel offers no such limit.
	 */
	throttle(bytesPerSecond: number): (() => void) | undefined;
	/** What the kernel does when it finds such an ext4 damaged. */
	becomeReadOnly(): void;
};

/**
 * Mounted until the end of the test; undefined, with the reason printed, without the rights or the programs for it, or
 * where the kernel does not know the file system.
 */
export const mountImage = (
	t: ExecutionContext<unknown>,
	kind: keyof typeof makers,
	options: ImageOptions = {},
): Image | undefined => {
	if (!isKnown(kind)) {
		t.log(`skipped: this kernel has no ${kind}`);
		t.pass();
		return undefined;
	}
	try {
		const {unmount, ...image} = openImage(kind, options);
		t.teardown(unmount);
		return image;
	} catch (error) {
		skip(t, `cannot mount an image of ${kind}: ${String(error)}`);
		return undefined;
	}
};

/** The same for who unmounts it himself; throws where it cannot be mounted. */
export const openImage = (
	kind: keyof typeof makers,
	{megabytes = makers[kind].megabytes, isSynchronous = false}: ImageOptions,
): Image & {unmount(): void} => {
	const base = fs.mkdtempSync(path.join(roomyFolder(), 'zt-image-'));
	const image = path.join(base, 'image');
	const folder = path.join(base, 'mounted');
	const remove = () => fs.rmSync(base, {recursive: true, force: true, maxRetries: 5});
	let isFrozen = false;
	let unthrottle = (): void => undefined;
	const deviceName = () =>
		path.basename(run('findmnt', '--noheadings', '--output', 'SOURCE', folder).trim());
	const thaw = () => {
		if (isFrozen) run('fsfreeze', '--unfreeze', folder);
		isFrozen = false;
	};
	fs.mkdirSync(folder);
	fs.writeFileSync(image, '');
	fs.truncateSync(image, megabytes * 1_048_576);
	try {
		const [maker, ...flags] = makers[kind].words;
		run(maker, ...flags, image);
		const words = [
			'loop,discard',
			...(isSynchronous ? ['sync'] : []),
			...(kind === 'ext4' ? ['errors=remount-ro'] : []),
		];
		run('mount', '-o', words.join(), image, folder);
	} catch (error) {
		remove();
		throw error;
	}
	fs.chmodSync(folder, 0o755);
	return {
		folder,
		run,
		freeze() {
			run('fsfreeze', '--freeze', folder);
			isFrozen = true;
			return thaw;
		},
		throttle(bytesPerSecond) {
			if (!fs.existsSync(writeLimits)) return undefined;
			const number = fs.readFileSync(`/sys/class/block/${deviceName()}/dev`, 'latin1').trim();
			unthrottle = () => {
				fs.writeFileSync(writeLimits, `${number} 0`);
				unthrottle = () => undefined;
			};
			fs.writeFileSync(writeLimits, `${number} ${bytesPerSecond}`);
			return () => unthrottle();
		},
		becomeReadOnly() {
			fs.writeFileSync(`/sys/fs/ext4/${deviceName()}/trigger_fs_error`, '1');
		},
		unmount() {
			unthrottle();
			thaw();
			run('umount', '--lazy', folder);
			remove();
		},
	};
};

/** In memory where there is enough of it: what a test writes to an image need not wait for a disk that is shared. */
const roomyFolder = (): string => {
	const memory = '/dev/shm';
	if (!fs.existsSync(memory)) return os.tmpdir();
	const {bavail, bsize} = fs.statfsSync(memory);
	return bavail * bsize > 4 * 1024 ** 3 ? memory : os.tmpdir();
};

const isKnown = (kind: string): boolean => {
	try {
		execFileSync('modprobe', ['--quiet', kind], {stdio: 'ignore'});
	} catch {
		// Built in, or not there.
	}
	return new RegExp(`\\t${kind}$`, 'm').test(fs.readFileSync('/proc/filesystems', 'utf8'));
};

const run = (command: string, ...args: readonly string[]): string =>
	execFileSync(command, args, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
	});
