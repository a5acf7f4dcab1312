import {spawn} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';
import {systemErrorCode} from '../platform/errors.js';
import {explainOpening} from '../platform/open-trouble.js';

/** A lock to be had before a program is started. */
export type LockTarget = {
	readonly lock: string;
	/** Shared with others that only read. */
	readonly shared: boolean;
	/** Only opened, so that the program's processes can be told by it. */
	readonly unlocked?: boolean;
};

/** Open lock files; whoever inherits the descriptors has the locks for as long as it lives. */
export type Locks = {
	readonly descriptors: readonly number[];
	close(): void;
};

export type LockResult =
	| {readonly result: 'locked'; readonly locks: Locks}
	/** `held`: somebody has the lock. `unusable`: it cannot be tried, with the reason. */
	| {readonly result: 'held'; readonly lock: string}
	| {readonly result: 'unusable'; readonly lock: string; readonly reason: string};

type OpenLock = LockTarget & {readonly descriptor: number};

/** Seconds to wait for a lock, because whoever looks at it or ends at this moment has it for an instant. */
const waitSeconds = 1;

/** The file that stands for the lock of a database, beside it. */
export const lockFileOf = (dataFile: string): string => `${dataFile}.zeoctl-lock`;

/** Takes all locks in the order given, or none. Files that are missing are made; none is ever removed or written. */
export const takeLocks = async (targets: readonly LockTarget[]): Promise<LockResult> =>
	beginLocks(targets).result;

/** Locks that are being taken. */
export type BegunLocks = {
	readonly targets: readonly LockTarget[];
	readonly result: Promise<LockResult>;
	/** Lets go of them, also where they have not been had yet. */
	cancel(): void;
};

/** As `takeLocks`, for a caller that may change its mind. */
export const beginLocks = (targets: readonly LockTarget[]): BegunLocks => ({
	targets,
	...openAndLock(targets, {seconds: waitSeconds}),
});

/** Locks that somebody else has now, and that become ours the moment they are free. */
export type AwaitedLocks = {
	readonly targets: readonly LockTarget[];
	/** Waits a little: whoever has them may be about to end. Undefined when they are still held, or cannot be had. */
	take(): Promise<Locks | undefined>;
	cancel(): void;
};

/** Gets in line for locks, so that a restart finds them taken and need not start a process for it. */
export const awaitLocks = (targets: readonly LockTarget[]): AwaitedLocks => {
	const {result, cancel} = openAndLock(targets, {seconds: undefined});
	return {
		targets,
		cancel,
		async take() {
			let timer: NodeJS.Timeout | undefined;
			const late = new Promise<undefined>(resolve => {
				timer = setTimeout(() => resolve(undefined), waitSeconds * 1000);
			});
			const taken = await Promise.race([result, late]);
			clearTimeout(timer);
			if (taken?.result === 'locked') return taken.locks;
			cancel();
			return undefined;
		},
	};
};

const openAndLock = (
	targets: readonly LockTarget[],
	wait: Wait,
): {readonly result: Promise<LockResult>; cancel(): void} => {
	const opened: OpenLock[] = [];
	const close = (): void => {
		for (const {descriptor} of opened.splice(0)) closeSync(descriptor);
	};
	for (const target of targets) {
		const {lock, shared} = target;
		try {
			opened.push({...target, descriptor: openLock(lock)});
		} catch (error) {
			const code = systemErrorCode(error) ?? '';
			// Nobody can write there either.
			if (shared && code === 'EROFS') continue;
			close();
			const result = Promise.resolve({
				result: 'unusable',
				lock,
				reason: explainOpening(code),
			} as const);
			return {result, cancel: close};
		}
	}
	const descriptors = opened.map(({descriptor}) => descriptor);
	const {failure, kill} = lockAll([...opened], wait);
	const result = failure.then((failed): LockResult => {
		if (failed === undefined) return {result: 'locked', locks: {descriptors, close}};
		close();
		return failed;
	});
	return {
		result,
		cancel() {
			kill();
			close();
		},
	};
};

/** Undefined waits without limit. */
type Wait = {readonly seconds: number | undefined};

// For writing, which tells those that hold it from those that only wait for it.
const openLock = (file: string): number =>
	openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);

type Locking = {
	/** Undefined when all are locked. */
	readonly failure: Promise<Exclude<LockResult, {readonly result: 'locked'}> | undefined>;
	kill(): void;
};

/**
 * Node has no flock(2), but a lock belongs to the open file: util-linux's `flock` takes it on descriptors that it
 * inherits, and leaves it to us. One process where there is one lock, as nearly always.
 */
const lockAll = (opened: readonly OpenLock[], {seconds}: Wait): Locking => {
	const limit = seconds === undefined ? [] : ['-w', String(seconds)];
	const commands = opened.flatMap(({shared, unlocked}, index) =>
		unlocked
			? []
			: [['flock', ...limit, '-E', `${heldStatus + index}`, shared ? '-s' : '-x', `${3 + index}`]],
	);
	const [only, ...others] = commands;
	if (only === undefined) return {failure: Promise.resolve(undefined), kill: () => undefined};
	// Whoever waits without limit ends with us; `sh` with us, and what it has started with it.
	const bound = (words: readonly string[]): readonly string[] =>
		seconds === undefined ? ['setpriv', '--pdeathsig', 'KILL', ...words] : words;
	const script = commands.map(words => bound(words).join(' ')).join(' && ');
	const {status, kill} = run(
		bound(others.length === 0 ? only : ['sh', '-c', script]),
		opened.map(({descriptor}) => descriptor),
	);
	return {failure: status.then(ended => explainStatus(ended, opened)), kill};
};

/** Exit statuses from here on name the lock that is held. */
const heldStatus = 130;

const explainStatus = (status: number | string, opened: readonly OpenLock[]) => {
	if (status === 0) return undefined;
	const held = typeof status === 'number' ? opened[status - heldStatus] : undefined;
	if (held !== undefined) return {result: 'held', lock: held.lock} as const;
	const reason =
		status === 'ENOENT' || status === 127
			? 'the flock command is missing (package util-linux)'
			: `flock failed (${status})`;
	return {result: 'unusable', lock: opened[0]?.lock ?? '', reason} as const;
};

const run = (
	[file = '', ...words]: readonly string[],
	descriptors: readonly number[],
): {readonly status: Promise<number | string>; kill(): void} => {
	const child = spawn(file, words, {stdio: ['ignore', 'ignore', 'ignore', ...descriptors]});
	const status = new Promise<number | string>(resolve => {
		child.once('error', error => resolve(systemErrorCode(error) ?? error.message));
		child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
	});
	return {status, kill: () => void child.kill('SIGKILL')};
};
