import {readFileSync} from 'node:fs';

/** What `/proc/PID/stat` says about a process; see proc(5). */
export type ProcessStat = {
	/** As the process calls itself: any text. */
	readonly name: string;
	/** `Z` and `X` have ended, `T` and `t` are stopped. */
	readonly state: string;
	readonly group: number;
	readonly session: number;
	/** Clock ticks of processor time so far, in user and kernel mode. */
	readonly cpuTicks: number;
	/** Clock ticks between the boot and the start of the process: with the pid, its identity. */
	readonly startTicks: number;
};

/** Undefined when there is no such process, or none that is visible from here. */
export const readProcessStat = (pid: string | number): ProcessStat | undefined => {
	try {
		return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return undefined;
	}
};

/** The text of such a file; undefined if it is none. */
export const parseProcessStat = (text: string): ProcessStat | undefined => {
	// The name, in parentheses, may itself hold blanks and parentheses.
	const end = text.lastIndexOf(')');
	const fields = text.slice(end + 2).split(' ');
	const startTicks = Number(fields[19]);
	return end === -1 || !Number.isInteger(startTicks)
		? undefined
		: {
				name: text.slice(text.indexOf('(') + 1, end),
				state: fields[0] ?? 'X',
				group: Number(fields[2]),
				session: Number(fields[3]),
				cpuTicks: Number(fields[11]) + Number(fields[12]),
				startTicks,
			};
};

/** Whether the process that had this pid and start time still runs; a zombie does not. */
export const isRunning = (pid: number, startTicks: number): boolean => {
	const stat = readProcessStat(pid);
	return stat !== undefined && stat.startTicks === startTicks && !/[ZX]/.test(stat.state);
};

/** The identity of this boot of the machine: pids and ticks of another one mean nothing. */
export const readBootId = (): string => {
	try {
		return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
	} catch {
		return '';
	}
};
