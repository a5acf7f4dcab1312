/** What a storage was found to be, before or after a pack. Null: it could not be measured, as with a server on another host. */
export type PackMeasure = {
	/** Bytes of the data file, else what the server says. */
	readonly size: number | null;
	readonly objects: number | null;
	/** 16 hexadecimal digits. */
	readonly lastTransaction: string | null;
	readonly blobs: {readonly files: number; readonly bytes: number} | null;
	/** Bytes of the copy that the last pack has kept. */
	readonly old: number | null;
	/** Bytes that the server's user may still write on the file system of the data file. */
	readonly freeDisk: number | null;
};

/** How the pack of one storage ended. `unknown`: the server went away, and what it did could not be found out. */
export type PackOutcome = 'packed' | 'nothing-to-drop' | 'skipped' | 'failed' | 'unknown';

/** A run of packs has begun; without a `pack-end` of the same `run` it was broken off. Times are Unix seconds. */
export type PackBeginRecord = {
	readonly at: number;
	readonly event: 'pack-begin';
	/** Same in all records of a run. */
	readonly run: string;
	readonly pid: number;
	/** Of the process `pid`, so that another one of that number is not taken for it. */
	readonly startTicks: number;
	readonly boot: string;
	readonly storages: readonly string[];
	/** Inodes of the data files of those on this machine, to see later whether they were replaced. */
	readonly inodes?: Readonly<Record<string, string>>;
	/** Which slot of the schedule the run is for; null when somebody asked for it. */
	readonly slot: number | null;
	/** Who asked, as they say themselves; `schedule` for a slot. */
	readonly by: string;
};

/** What became of one storage in a run. */
export type PackRecord = {
	readonly at: number;
	readonly event: 'pack';
	readonly run: string;
	readonly storage: string;
	/** Where the server was asked, such as `localhost:8100`. */
	readonly address: string;
	readonly outcome: PackOutcome;
	/** Why it was skipped or failed, or what is unknown. */
	readonly reason: string | null;
	/** The next command to type. */
	readonly advice: string | null;
	readonly began: number;
	readonly seconds: number;
	/** Up to when history was dropped; null when nothing was asked of the server. */
	readonly packTime: number | null;
	readonly before: PackMeasure | null;
	readonly after: PackMeasure | null;
	readonly warnings: readonly string[];
};

/** A run of packs is over, and all its storages have their records. */
export type PackEndRecord = {
	readonly at: number;
	readonly event: 'pack-end';
	readonly run: string;
	readonly slot: number | null;
};

/**
 * Bytes of data and blobs that a pack has freed; null where that cannot be told. What was written while it ran is in
 * the copy that was kept and in the new file, so that these two tell exactly; else the sizes before and after do,
 * nearly.
 */
export const freedBytes = ({outcome, before, after}: PackRecord): number | null => {
	if (outcome === 'nothing-to-drop') return 0;
	const larger = after?.old ?? before?.size ?? null;
	const smaller = after?.size ?? null;
	if (outcome !== 'packed' || larger === null || smaller === null) return null;
	return larger - smaller + freedBlobs(before, after);
};

const freedBlobs = (before: PackMeasure | null, after: PackMeasure | null): number =>
	before?.blobs && after?.blobs ? before.blobs.bytes - after.blobs.bytes : 0;
