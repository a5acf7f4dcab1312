import type {Holder} from '../../guard/holders.js';
import {readProcessStat} from '../../platform/process-stat.js';
import type {Configured, Contact} from './subject.js';

/** The pid of the instance's program, whether a supervisor has it or it outlived one; undefined while it is down. */
export const ownPid = (seen: Contact): number | undefined => {
	if (seen.contact === 'session') return seen.status.pid ?? undefined;
	return seen.contact === 'unusable' ? undefined : seen.program?.pid;
};

/** Whether a holder is the program of the instance, its supervisor, or a process of theirs. */
export const isOwn = async (
	holder: Holder,
	{contact}: Pick<Configured, 'contact'>,
): Promise<boolean> => {
	const seen = await contact();
	const manager = seen.contact === 'session' ? seen.status.manager : undefined;
	const own = [ownPid(seen), manager].filter(pid => pid !== undefined);
	if (holder.pid === undefined) return false;
	const stat = readProcessStat(holder.pid);
	return own.some(pid => holder.pid === pid || stat?.group === pid || stat?.session === pid);
};
