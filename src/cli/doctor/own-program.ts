import type {Holder} from '../../guard/holders.js';
import {readProcessStat} from '../../guard/processes.js';
import type {Configured, Contact} from './subject.js';

/** The pid of the instance's program, whether a supervisor has it or it outlived one; undefined while it is down. */
export const ownPid = (seen: Contact): number | undefined => {
	if (seen.contact === 'session') return seen.status.pid ?? undefined;
	return seen.contact === 'unusable' ? undefined : seen.program?.pid;
};

/** Whether a holder is the program of the instance or a process of its group. */
export const isOwn = async (
	holder: Holder,
	{contact}: Pick<Configured, 'contact'>,
): Promise<boolean> => {
	const pid = ownPid(await contact());
	if (pid === undefined || holder.pid === undefined) return false;
	const stat = readProcessStat(holder.pid);
	return holder.pid === pid || stat?.processGroup === pid || stat?.session === pid;
};
