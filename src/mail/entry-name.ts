import {createHash} from 'node:crypto';
import {isRunning, readBootId, readProcessStat} from '../platform/process-stat.js';

/** What the name of a file in the outbox says: an attempt is recorded by a rename, which needs no room on a full disk. */
export type EntryName = {
	/** Unix seconds when the message was written. */
	readonly at: number;
	readonly isBad: boolean;
	readonly attempts: number;
	/** Unix seconds of the next attempt. */
	readonly due: number;
	/** Of the Message-ID. */
	readonly hash: string;
};

const pattern = /^(\d{1,12})-(bad|good)-(\d{1,6})-(\d{1,12})-([0-9a-f]{16})\.json$/;

export const renderEntryName = ({at, isBad, attempts, due, hash}: EntryName): string =>
	`${whole(at)}-${isBad ? 'bad' : 'good'}-${attempts}-${whole(due)}-${hash}.json`;

const whole = (seconds: number): number => Math.max(0, Math.floor(seconds));

/** Undefined for files that are no message of ours. */
export const parseEntryName = (name: string): EntryName | undefined => {
	const match = pattern.exec(name);
	if (!match) return undefined;
	const [, at, quality, attempts, due, hash = ''] = match;
	return {
		at: Number(at),
		isBad: quality === 'bad',
		attempts: Number(attempts),
		due: Number(due),
		hash,
	};
};

/** The same message has the same hash, however often it is written. */
export const hashOf = (messageId: string): string =>
	createHash('sha256').update(messageId).digest('hex').slice(0, 16);

/** What is appended to the name of a message that this process is sending. */
export const ownClaim = (): string =>
	`~${process.pid}-${readProcessStat('self')?.startTicks ?? 0}-${readBootId()}`;

/** Splits such a name; `isHeld` tells whether that process still runs. */
export const parseClaim = (
	file: string,
): {readonly name: string; readonly isHeld: boolean} | undefined => {
	const match = /^(.*)~(\d+)-(\d+)-([\w-]*)$/.exec(file);
	if (!match) return undefined;
	const [, name = '', pid, ticks, boot] = match;
	return {name, isHeld: boot === readBootId() && isRunning(Number(pid), Number(ticks))};
};
