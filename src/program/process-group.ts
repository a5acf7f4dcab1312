import {readdirSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {readProcessStat} from '../platform/process-stat.js';

/**
 * Whether a member of the group is still running. A zombie that its parent has not reaped has ended, although the
 * kernel still accepts signals for it, so `/proc` is asked whenever `kill(2)` finds anybody.
 */
export const isGroupAlive = (group: number): boolean =>
	acceptsSignals(-group) && (hasLiveMember(group) ?? true);

/** Undefined where it cannot be told, for want of descriptors. */
const hasLiveMember = (group: number): boolean | undefined => {
	try {
		return readdirSync('/proc').some(name => /^\d+$/.test(name) && isLiveMember(name, group));
	} catch {
		return undefined;
	}
};

/** At nearly every end the group is gone, and the stack of the exception would take a twentieth of a restart. */
const acceptsSignals = (pid: number): boolean => {
	const {stackTraceLimit} = Error;
	Error.stackTraceLimit = 0;
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	} finally {
		Error.stackTraceLimit = stackTraceLimit;
	}
};

const isLiveMember = (pid: string, group: number): boolean => {
	const stat = readProcessStat(pid);
	return stat !== undefined && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
};

/** The kernel tells nobody when a group that is not ours ends, so it is looked at while a stop waits for it. */
export const untilGroupGone = async (group: number): Promise<void> => {
	for (let pauseMs = 5; isGroupAlive(group); pauseMs = Math.min(200, pauseMs * 2)) {
		await sleep(pauseMs);
	}
};
