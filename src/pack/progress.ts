import type {PackRecord} from '../history/pack-record.js';
import type {PackGlance} from '../storage/kind.js';
import type {PackProgress} from './target.js';

export type ProgressFacts = {
	/** Before the pack began, and now. Undefined: on another machine. */
	readonly before: PackGlance | undefined;
	readonly now: PackGlance | undefined;
	/** Since the pack began. */
	readonly seconds: number;
	/** The last good pack of the storage. */
	readonly last: PackRecord | undefined;
};

/**
 * How far a pack is. ZEO first finds what is in use, during which no file grows, then it writes the copy. How long it
 * takes is told from the last pack, in proportion to the size of the data file.
 */
export const seeProgress = ({
	before,
	now,
	seconds,
	last,
}: ProgressFacts): Omit<PackProgress, 'storage' | 'alarm'> => {
	const copy = now?.pack;
	// A copy that was there before is a leftover, until the server writes to it.
	const isLeftover =
		copy !== undefined &&
		copy.inode === before?.pack?.inode &&
		copy.modifiedMs === before.pack.modifiedMs;
	const isReplaced = now !== undefined && now.data?.inode !== before?.data?.inode;
	const isCopying = copy !== undefined && !isLeftover;
	return {
		step: isReplaced ? 'finishing' : isCopying ? 'copying' : 'finding what is in use',
		copied: isCopying ? copy.size : null,
		expected: expectedSize(before, last),
		seconds,
		secondsLeft: secondsLeft(before, seconds, last),
	};
};

/** What the last pack left, and at most what is there. */
const expectedSize = (
	before: PackGlance | undefined,
	last: PackRecord | undefined,
): number | null => {
	const size = before?.data?.size;
	return size === undefined ? null : Math.min(size, last?.after?.size ?? size);
};

const secondsLeft = (
	before: PackGlance | undefined,
	seconds: number,
	last: PackRecord | undefined,
): number | null => {
	const size = before?.data?.size;
	const lastSize = last?.before?.size;
	if (last === undefined || size === undefined || !lastSize) return null;
	return Math.max(0, last.seconds * (size / lastSize) - seconds);
};
