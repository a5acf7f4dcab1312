import {readFileSync} from 'node:fs';

/** What `/proc/PID/io` says about a process and its children that it has seen end; see proc(5). */
export type ProcessIo = {
	/** Bytes that it has read and written, to whatever. */
	readonly bytes: number;
	/** How often it has called write(2) and its kin, also in vain. */
	readonly writeCalls: number;
};

/** Undefined where it may not be seen. */
export const readProcessIo = (pid: number): ProcessIo | undefined => {
	try {
		return parseProcessIo(readFileSync(`/proc/${pid}/io`, 'utf8'));
	} catch {
		return undefined;
	}
};

/** The text of such a file; undefined if it is none. */
export const parseProcessIo = (text: string): ProcessIo | undefined => {
	const count = (name: string): number =>
		Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1]);
	const io = {bytes: count('rchar') + count('wchar'), writeCalls: count('syscw')};
	return Number.isNaN(io.bytes + io.writeCalls) ? undefined : io;
};
