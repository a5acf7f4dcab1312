import {closeSync, openSync, readFileSync, readSync} from 'node:fs';

/** Where control groups are mounted (cgroups(7)). */
const mountPoint = '/sys/fs/cgroup';

/** The kernel's count of what it has killed for want of memory, from a moment on. */
export type OomKills = {
	/** Whether there have been more since; false where it cannot be told. */
	haveRisen(): boolean;
	close(): void;
};

/**
 * Remembers how many processes the kernel has killed for want of memory in the control group that a process is in
 * now. The file stays open, so that the question costs one read when a restart waits for the answer.
 */
export const watchOomKills = (pid: number, root = mountPoint, proc = '/proc'): OomKills => {
	const file = findCounter(read(`${proc}/${pid}/cgroup`), root);
	const counter = file === undefined ? undefined : openIfThere(file);
	const before = counter === undefined ? undefined : readAll(counter);
	return {
		haveRisen() {
			const now = counter === undefined ? undefined : readAll(counter);
			return now !== before && (countIn(now) ?? 0) > (countIn(before) ?? Number.POSITIVE_INFINITY);
		},
		close() {
			if (counter !== undefined) closeSync(counter);
		},
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
	return candidates.find(file => countIn(read(file)) !== undefined);
};

/** Both versions have a line `oom_kill N` (`memory.events`, `memory.oom_control`). */
const countIn = (text = ''): number | undefined => {
	const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
	return count === undefined ? undefined : Number(count);
};

const openIfThere = (file: string): number | undefined => {
	try {
		return openSync(file, 'r');
	} catch {
		return undefined;
	}
};

/** Undefined when the control group has been removed. */
const readAll = (descriptor: number): string | undefined => {
	const content = Buffer.allocUnsafe(mostBytes);
	try {
		return content.toString('latin1', 0, readSync(descriptor, content, 0, mostBytes, 0));
	} catch {
		return undefined;
	}
};

/** Longer than all lines of such a file. */
const mostBytes = 1024;

const read = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};
