import type {PackMeasure, PackOutcome} from '../history/pack-record.js';
import type {PackLimit, PackTarget} from './target.js';

/** Up to when history is dropped, in Unix seconds. `now` in Unix seconds. */
export const packTime = ({days, timeOfDay}: PackLimit, now: number): number =>
	(timeOfDay === undefined ? now : startOfDay(now) + timeOfDay) - days * 86_400;

/** Local midnight, as `zeopack --time` counts from it. */
const startOfDay = (now: number): number => new Date(now * 1000).setHours(0, 0, 0, 0) / 1000;

/** Room on one file system, in bytes. */
export type Room = {
	readonly path: string;
	readonly needed: number;
	readonly free: number;
};

export type RoomFacts = {
	/** Bytes of the data file, of what the last pack has kept, and of a copy that nobody writes any more. */
	readonly data: number;
	readonly old: number;
	readonly leftover: number;
	/** Of the file system of the data file. */
	readonly free: number;
	readonly path: string;
	/** Blobs that would be copied, because their file system has no hard links, and its room. */
	readonly blobs:
		| {
				readonly bytes: number;
				readonly free: number;
				readonly path: string;
				readonly sameDisk: boolean;
		  }
		| undefined;
};

/**
 * The room that a pack needs at most: a full copy of the data file with a margin (percent), less what the server
 * deletes before it begins. Blobs are kept by hard links, and need room only where there are none.
 */
export const planRoom = (facts: RoomFacts, margin: number): readonly Room[] => {
	const withMargin = (bytes: number): number => Math.ceil(bytes * (1 + margin / 100));
	const copy = Math.max(0, withMargin(facts.data) - facts.old - facts.leftover);
	const data = {path: facts.path, needed: copy, free: facts.free};
	if (facts.blobs === undefined) return [data];
	const blobs = withMargin(facts.blobs.bytes);
	return facts.blobs.sameDisk
		? [{...data, needed: copy + blobs}]
		: [data, {path: facts.blobs.path, needed: blobs, free: facts.blobs.free}];
};

/** What was found before a pack. */
export type BeforeFacts = {
	readonly target: Pick<PackTarget, 'readOnly' | 'files'>;
	readonly rooms: readonly Room[];
	/** Who writes a copy already, as one line. */
	readonly packer: string | undefined;
	/** Who reads the data file, as one line. */
	readonly backup: string | undefined;
};

export type Objection = {readonly reason: string; readonly advice: string | null};

/** Why a storage is not packed now; undefined: nothing is against it. */
export const objectTo = (
	{target, rooms, packer, backup}: BeforeFacts,
	renderBytes: (bytes: number) => string,
): Objection | undefined => {
	if (target.readOnly)
		return {
			reason: 'the conf says that it is open for reading only: the server refuses to pack it',
			advice: 'pack it where it is written to',
		};
	if (packer !== undefined)
		return {reason: `it is being packed: ${packer}`, advice: 'wait until that is over'};
	if (backup !== undefined)
		return {reason: `a backup may be under way: ${backup}`, advice: 'wait until it is over'};
	const short = rooms.find(({needed, free}) => free < needed);
	return (
		short && {
			reason: `the disk of ${short.path} is too small: ${renderBytes(short.free)} free, a full copy may need ${renderBytes(short.needed)}`,
			advice: `free ${renderBytes(short.needed - short.free)} there`,
		}
	);
};

/**
 * Whether something was dropped: the data file was replaced, or, where it cannot be seen, it became smaller or lost
 * objects.
 */
export const judgeAfter = (
	before: PackMeasure,
	after: PackMeasure,
	replaced: boolean | undefined,
): Extract<PackOutcome, 'packed' | 'nothing-to-drop'> => {
	const isLess = (was: number | null, is: number | null): boolean =>
		was !== null && is !== null && is < was;
	const dropped =
		replaced ?? (isLess(before.size, after.size) || isLess(before.objects, after.objects));
	return dropped ? 'packed' : 'nothing-to-drop';
};
