import {readFileSync} from 'node:fs';
import {listDescriptors} from '../../../guard/processes.js';
import {ofServer} from '../check.js';
import {type Finding, fine, unknown, warning} from '../finding.js';
import {ownPid} from '../own-program.js';

/** A client needs a connection, a storage a dozen files: with less even a small server comes to its end. */
const leastFiles = 1024;

/** Whether the server may open as many files and connections as it will need. */
export const openFiles = ofServer({
	group: 'program',
	name: 'open-files',
	about: 'the server may have enough files and connections open',
	async run({contact}) {
		const pid = ownPid(await contact());
		const limit = readLimit(pid ?? 'self');
		if (limit === undefined) return [unknown('the limit is not visible to you')];
		const open = pid === undefined ? 0 : listDescriptors(pid).length;
		return judgeFiles(limit, open, pid === undefined ? 'a program that you start' : 'the server');
	},
});

/** Whether a limit is high enough for what is open, and for the usual. */
export const judgeFiles = (limit: number, open: number, who: string): readonly Finding[] =>
	limit >= leastFiles && open < limit * 0.9
		? [fine(`${who} may have ${limit}${open > 0 ? `, has ${open}` : ''}`)]
		: [
				warning(
					`${who} may have ${limit} files and connections open${open > 0 ? `, and has ${open}` : ''}`,
					{
						advice:
							'raise LimitNOFILE of the unit, or ulimit -n where it is started, then start it again',
					},
				),
			];

/** The soft limit, as proc(5) has it. */
const readLimit = (pid: number | 'self'): number | undefined => {
	try {
		const found = /^Max open files\s+(\d+|unlimited)/m.exec(
			readFileSync(`/proc/${pid}/limits`, 'utf8'),
		)?.[1];
		return found === 'unlimited' ? Number.POSITIVE_INFINITY : (found && Number(found)) || undefined;
	} catch {
		return undefined;
	}
};
