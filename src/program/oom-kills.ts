import {readFileSync} from 'node:fs';

/** Where control groups are mounted (cgroups(7)). */
const mountPoint = '/sys/fs/cgroup';

/**
 * Remembers how many processes the kernel has killed for want of memory in the control group that a process is in
 * now. The returned function says whether there have been more since; false where it cannot be told.
 */
export const watchOomKills = (pid: number, root = mountPoint, proc = '/proc'): (() => boolean) => {
	const file = findCounter(read(`${proc}/${pid}/cgroup`), root);
	const before = file === undefined ? undefined : readCount(file);
	return () => {
		const now = file === undefined ? undefined : readCount(file);
		return before !== undefined && now !== undefined && now > before;
	};
};

/** The unified hierarchy where it counts, also beside the old one; else the old one. */
const findCounter = (groups: string, root: string): string | undefined => {
	const unified = /^0::(.*)$/m.exec(groups)?.[1];
	const old = /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(.*)$/m.exec(groups)?.[1];
	const candidates = [
		...(unified === undefined
			? []
			: [`${root}${unified}/memory.events`, `${root}/unified${unified}/memory.events`]),
		...(old === undefined ? [] : [`${root}/memory${old}/memory.oom_control`]),
	];
	return candidates.find(file => readCount(file) !== undefined);
};

/** Both versions have a line `oom_kill N` (`memory.events`, `memory.oom_control`). */
const readCount = (file: string): number | undefined => {
	const count = /^oom_kill (\d+)$/m.exec(read(file))?.[1];
	return count === undefined ? undefined : Number(count);
};

const read = (file: string): string => {
	try {
		return readFileSync(file, 'latin1');
	} catch {
		return '';
	}
};
