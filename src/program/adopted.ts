import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExitStatus} from './exit-report.js';
import {isGroupAlive, untilGroupGone} from './process-group.js';
import {isAlive, isPidStillIts, type ProcessIdentity} from './program-record.js';
import type {RunningProgram} from './spawn.js';

type Adoption = {
	readonly program: ProcessIdentity;
	/** The file whose lock the program holds as long as it lives. */
	readonly lock: string;
	/** Whether the program has said, since it was adopted, that it ends in order. */
	readonly endedInOrder: () => boolean;
};

/**
 * Takes over a running program that is no child of ours. `onExit` is called once, when it has ended; its exit status
 * stays unknown. Signals reach it only while the pid still is that of the very program.
 */
export const adoptProgram = (
	{program, lock, endedInOrder}: Adoption,
	onExit: (exit: ExitStatus & {readonly groupAlive: boolean}) => void,
): RunningProgram => {
	const {pid} = program;
	void untilEnded(program, lock).then(() => {
		const code = endedInOrder() ? 0 : null;
		onExit({
			code,
			signal: null,
			observed: false,
			groupAlive: isPidStillIts(program) && isGroupAlive(pid),
		});
	});
	return {
		pid,
		signalGroup(signal) {
			if (!isPidStillIts(program)) return;
			try {
				process.kill(-pid, signal);
			} catch {
				// Nobody is left in the group, which is what the signal was for.
			}
		},
		groupGone: () => untilGroupGone(pid),
	};
};

/**
 * The kernel tells only parents of an end, but it frees the locks of whoever ends. A program that has closed the
 * lock's descriptor, or whose helpers keep it, is looked at instead.
 */
const untilEnded = async (program: ProcessIdentity, lock: string): Promise<void> => {
	// Whoever adopts hears of the adoption first.
	await sleep(0);
	const gone = new AbortController();
	await Promise.race([untilFree(lock, gone.signal), untilLeaderGone(program, gone.signal)]);
	gone.abort();
	for (let pauseMs = 1; isAlive(program); pauseMs = Math.min(pauseMs * 2, 50)) await sleep(pauseMs);
};

/**
 * A waiting `flock` that dies with us, lest it hold the lock when nobody asks for it any more. It waits on a descriptor
 * of ours, for reading: so it need not start another command first, and is nobody who holds the lock.
 */
const untilFree = (lock: string, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		let descriptor: number;
		try {
			descriptor = openSync(lock, 'r');
		} catch {
			resolve();
			return;
		}
		const waiter = spawn('setpriv', ['--pdeathsig', 'KILL', 'flock', '-x', '3'], {
			stdio: ['ignore', 'ignore', 'ignore', descriptor],
			signal,
			killSignal: 'SIGKILL',
		});
		closeSync(descriptor);
		waiter.once('error', () => resolve());
		waiter.once('exit', () => resolve());
	});

/** Milliseconds between two looks for a leader that has ended while its helpers keep the lock. */
const lookMs = 5000;

const untilLeaderGone = async (program: ProcessIdentity, signal: AbortSignal): Promise<void> => {
	while (isAlive(program) && !signal.aborted) {
		await sleep(lookMs, undefined, {signal}).catch(() => undefined);
	}
};
