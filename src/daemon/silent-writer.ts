import {readProcessIo} from '../platform/process-io.js';
import {readProcessStat} from '../platform/process-stat.js';

/** What can be seen of a program that writes its transcript itself. */
export type WriterTraces = {
	readonly pid: number;
	/** Undefined where that may not be seen. */
	readonly writeCalls: number | undefined;
	/** As `/proc` has it: `D` waits for a disk. */
	readonly processState: string | undefined;
	/** Bytes in the transcript. */
	readonly size: number;
};

/** What is seen of it now. */
export const readWriterTraces = (pid: number, size: number): WriterTraces => ({
	pid,
	size,
	writeCalls: readProcessIo(pid)?.writeCalls,
	processState: readProcessStat(pid)?.state,
});

/**
 * Whether the program may have tried in vain to write its transcript since the last look. A write that fails changes
 * no file, but counts as a call; one that is under way for long does not count yet, but waits for a disk.
 */
export const mayWriteInVain = (before: WriterTraces | undefined, now: WriterTraces): boolean => {
	if (before?.pid !== now.pid || before.size !== now.size) return false;
	const hasCalled = now.writeCalls === undefined || now.writeCalls !== before.writeCalls;
	return hasCalled || now.processState === 'D';
};
