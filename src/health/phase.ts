import type {Activity} from '../control/messages.js';

/** A descriptor of the server on a file of a storage, and how far it has got in it, in bytes. */
export type OpenFile = {readonly descriptor: number; readonly position: number};

/** What the files of one storage show. */
export type StorageEvidence = {
	readonly name: string;
	/** Null where there is no such file. */
	readonly dataBytes: number | null;
	readonly packBytes: number | null;
	readonly hasIndex: boolean;
	/** The server's descriptors on `Data.fs`; null when they were not looked at or may not be seen. */
	readonly readers: readonly OpenFile[] | null;
	readonly writer: OpenFile | null;
	/** Whether the server has `Data.fs.pack` open; null when that may not be seen. */
	readonly hasPackOpen: boolean | null;
};

/** What the process and its files show at one moment. */
export type Evidence = {
	readonly isStarting: boolean;
	readonly storages: readonly StorageEvidence[];
	/** Packs that began and did not end, as the log says. */
	readonly packsInLog: number;
	/** Clock ticks of processor time. */
	readonly cpuTicks: number;
	/** Bytes read and written; null when that may not be seen. */
	readonly ioBytes: number | null;
};

/** What a server does besides serving. */
export type Phase = {
	readonly activities: readonly Omit<Activity, 'since'>[];
	/** Whether it got any further since the look before; true at the first look. */
	readonly isProgressing: boolean;
};

/**
 * What a server is busy with. A `.pack` that the server does not have open is a leftover. ZEO packs in two steps:
 * it first walks through the objects, in no order, so that nothing shows how far it is, and then copies from the
 * beginning of `Data.fs` to its end.
 */
export const seePhase = (before: Evidence | undefined, now: Evidence): Phase => ({
	activities: now.storages.flatMap(storage => {
		const earlier = before?.storages.find(({name}) => name === storage.name);
		const found = now.isStarting
			? seeIndexing(storage, hasProgress(before, now))
			: seePacking(earlier, storage, now.packsInLog);
		return found === undefined ? [] : [{...found, storage: storage.name}];
	}),
	isProgressing: hasProgress(before, now),
});

type Seen = Pick<Activity, 'activity' | 'step' | 'percent'>;

/**
 * A server reads what its index does not cover before it listens, all of the file without one, and then, by another
 * descriptor, the last transactions for its queue of invalidations.
 */
const seeIndexing = (
	{dataBytes, hasIndex, readers, writer}: StorageEvidence,
	isProgressing: boolean,
): Seen | undefined => {
	if (dataBytes === null) return undefined;
	const step = hasIndex ? 'reading what the index lacks' : 'rebuilding';
	if (readers === null) {
		return hasIndex || !isProgressing ? undefined : {activity: 'index', step, percent: null};
	}
	const furthest = Math.max(0, ...readers.map(({position}) => position));
	const position = writer?.position ?? furthest;
	if (position > 0) return {activity: 'index', step, percent: share(position, dataBytes)};
	return furthest > 0
		? {activity: 'index', step: 'reading the last transactions', percent: null}
		: undefined;
};

const seePacking = (
	earlier: StorageEvidence | undefined,
	now: StorageEvidence,
	packsInLog: number,
): Seen | undefined => {
	const {packBytes, hasPackOpen, dataBytes} = now;
	const grows = packBytes !== null && packBytes > (earlier?.packBytes ?? packBytes);
	if (hasPackOpen ?? grows) {
		const source = findSource(earlier, now);
		const percent = source === undefined ? null : share(source.position, dataBytes ?? 0);
		return {activity: 'pack', step: 'copying', percent};
	}
	const isSearching = packsInLog > 0 && movedReaders(earlier, now).length > 0;
	return isSearching
		? {activity: 'pack', step: 'finding what is in use', percent: null}
		: undefined;
};

/** The copied part is never longer than what it was copied from; others read wherever clients ask them to. */
const findSource = (
	earlier: StorageEvidence | undefined,
	now: StorageEvidence,
): OpenFile | undefined => {
	const candidates = now.readers?.filter(({position}) => position >= (now.packBytes ?? 0)) ?? [];
	const moved = movedReaders(earlier, now);
	const ahead = candidates.filter(reader => moved.includes(reader));
	return (ahead.length > 0 ? ahead : candidates).sort((a, b) => a.position - b.position)[0];
};

const movedReaders = (
	earlier: StorageEvidence | undefined,
	{readers}: StorageEvidence,
): readonly OpenFile[] =>
	(readers ?? []).filter(reader => {
		const before = earlier?.readers?.find(({descriptor}) => descriptor === reader.descriptor);
		return before === undefined
			? earlier?.readers != null && reader.position > 0
			: before.position !== reader.position;
	});

const share = (part: number, whole: number): number | null =>
	whole > 0 ? Math.min(99, Math.floor((part / whole) * 100)) : null;

/** Reading and writing says more than processor time, which a program that runs in a circle has, too. */
const hasProgress = (before: Evidence | undefined, now: Evidence): boolean => {
	if (before === undefined) return true;
	return before.ioBytes === null || now.ioBytes === null
		? now.cpuTicks > before.cpuTicks
		: now.ioBytes > before.ioBytes;
};
