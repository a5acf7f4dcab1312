import type {PackBeginRecord} from '../history/pack-record.js';
import {isRunning, readBootId} from '../platform/process-stat.js';

/** Whether the process that began a run still runs: not another one of its number, nor one of an earlier boot. */
export const isRunAlive = ({pid, startTicks, boot}: PackBeginRecord): boolean =>
	boot === readBootId() && isRunning(pid, startTicks);
