import {readdirSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {readProcessStat} from '../platform/process-stat.js';

/**
 * Whether a member of the group is still running. A zombie that its parent has not reaped has ended, although the
 * kernel still accepts signals for it, so `/proc` is asked whenever `kill(2)` finds anybody.
 */
export const isGroupAlive = (group: number, node: NodeInside = process as object): boolean =>
	acceptsSignals(-group, node) &&
	readdirSync('/proc').some(name => /^\d+$/.test(name) && isLiveMember(name, group));

/** What `process.kill` is made of; not documented, so it may be missing one day. */
type NodeInside = {readonly _kill?: (pid: number, signal: number) => number};

/**
 * At nearly every end the group is gone. `process.kill` makes an exception of that, with a stack, which takes a
 * twentieth of a restart; what it calls itself answers with a number.
 */
const acceptsSignals = (pid: number, {_kill: kill}: NodeInside): boolean => {
	if (kill !== undefined) return kill(pid, 0) === 0;
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
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
