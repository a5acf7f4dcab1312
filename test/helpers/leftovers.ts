import {randomUUID} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';

const variable = 'ZEOCTL_TEST_MARK';
const marks = new WeakMap<ExecutionContext<unknown>, string>();

/**
 * Environment entries that mark every process which this test starts, however deep. Whatever still carries the
 * mark when the test ends is killed.
 */
export const markOf = (t: ExecutionContext<unknown>): Readonly<Record<string, string>> => {
	let mark = marks.get(t);
	if (mark === undefined) {
		mark = randomUUID();
		marks.set(t, mark);
		t.teardown(() => endLeftovers(t));
	}
	return {[variable]: mark};
};

/** Kills whatever a test has started and left. */
export const endLeftovers = async (t: ExecutionContext<unknown>): Promise<void> => {
	const mark = marks.get(t);
	if (mark === undefined) return;
	const entry = `${variable}=${mark}`;
	// Several rounds: a supervisor may start its program again between the look and the signal.
	for (let round = 0; round < 50; round += 1) {
		const pids = markedPids(entry);
		if (pids.length === 0) return;
		for (const pid of pids) kill(pid);
		await sleep(20);
	}
	throw new Error(`processes ${markedPids(entry).join(', ')} survive SIGKILL`);
};

const markedPids = (entry: string): number[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name) && environment(name).includes(entry))
		.map(Number)
		.filter(pid => pid !== process.pid);

// Empty for processes that have ended and for those of other users.
const environment = (pid: string): string[] => {
	try {
		return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
	} catch {
		return [];
	}
};

const kill = (pid: number): void => {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It ended by itself.
	}
};
