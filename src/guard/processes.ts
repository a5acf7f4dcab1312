import {readdirSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {findUserName} from '../platform/passwd.js';
import {readBootId, readProcessStat} from '../platform/process-stat.js';

/** A live process as others may see it. */
export type ProcessDescription = {
	readonly pid: number;
	/** The name in brackets when the process shows no arguments. */
	readonly argv: readonly string[];
	readonly uid: number;
	/** Name of the user, or the uid as text where it has none. */
	readonly user: string;
	/** Unix seconds. */
	readonly startedAt: number;
	/** Field 22 of `/proc/PID/stat`; with `bootId` what tells this process from a later one with its pid. */
	readonly startTicks: number;
	readonly bootId: string;
};

/** USER_HZ: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** A process by its pid, or undefined: gone, a zombie, or hidden from us. */
export const describeProcess = (pid: number): ProcessDescription | undefined => {
	const stat = readProcessStat(pid);
	const status = readText(`/proc/${pid}/status`);
	if (stat === undefined || status === undefined || stat.state === 'Z') {
		return undefined;
	}

	const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN);
	const argv = (readText(`/proc/${pid}/cmdline`) ?? '').replace(/\0$/, '').split('\0');
	return {
		pid,
		argv: argv.join('') === '' ? [`[${stat.name}]`] : argv,
		uid,
		user: findUserName(uid),
		startedAt: startTimeOf(stat.startTicks),
		startTicks: stat.startTicks,
		bootId: readBootId(),
	};
};

/** The pids that can be seen. */
export const listPids = (): readonly number[] => listFolder('/proc').filter(isNumber).map(Number);

/** The descriptors of a process, or none when they may not be seen. */
export const listDescriptors = (pid: number): readonly string[] => listFolder(`/proc/${pid}/fd`);

/** The text of a file, or undefined if it cannot be read. */
export const readText = (path: string): string | undefined => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
};

const listFolder = (path: string): readonly string[] => {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
};

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/**
 * When a process started, in Unix seconds. Measured from our own start, whose wall-clock time is known:
 * `/proc/uptime` and `btime` tell of the container, not of the boot, where lxcfs is mounted.
 */
const startTimeOf = (startTicks: number): number => {
	const own = readProcessStat(process.pid)?.startTicks ?? startTicks;
	return Date.now() / 1000 - process.uptime() + (startTicks - own) / ticksPerSecond;
};
