import type {PackBeginRecord, PackEndRecord, PackRecord} from '../history/pack-record.js';
import type {PackProgress, PackTarget} from './target.js';

/** A run: the packs of one or more storages, one after another. */
export type PackRequest = {
	readonly targets: readonly PackTarget[];
	/** The slot of the schedule (Unix seconds) that the run is for; null when somebody asked for it. */
	readonly slot: number | null;
	/** Who asked, as they say themselves; `schedule` for a slot. */
	readonly by: string;
	/**
	 * Asked with the lock held, or when another run holds it: false when another owner of the schedule has begun the
	 * slot meanwhile. Nothing is then packed or recorded.
	 */
	readonly stillDue?: () => boolean;
	/** Its reason is the name of the signal that interrupts, such as `SIGTERM`. */
	readonly signal: AbortSignal;
	readonly onProgress?: (progress: PackProgress) => void;
	/** Called for every storage, in order, as soon as it is known what became of it. */
	readonly onRecord?: (record: PackRecord) => void;
};

/** What became of a run. Every storage has a record, unless the run was not due. */
export type PackRun =
	| {readonly result: 'not-due'}
	| {
			/** `busy`: another run is under way, all storages were skipped. */
			readonly result: 'done' | 'interrupted' | 'busy';
			readonly run: string;
			readonly records: readonly PackRecord[];
			/** What the history could not take; a report must not lack it. */
			readonly unwritten: readonly RunRecord[];
	  };

/** What the history has of a run. */
type RunRecord = PackBeginRecord | PackRecord | PackEndRecord;

export type RunLock =
	| {readonly result: 'locked'; release(): void}
	| {readonly result: 'held'; readonly by: string}
	| {readonly result: 'unusable'; readonly reason: string};

/** What a run needs of the world. */
export type RunPorts = {
	/** Unix seconds. */
	now(): number;
	readonly process: Pick<PackBeginRecord, 'pid' | 'startTicks' | 'boot'>;
	/** Never the same twice. */
	newRun(): string;
	/** The one lock of an instance's packs, whoever asks for them. */
	lock(): Promise<RunLock>;
	/** The inode of the data file of each storage that is on this machine, to see later whether it was replaced. */
	inodes(targets: readonly PackTarget[]): Readonly<Record<string, string>>;
	/** Whether the record was written. */
	append(record: RunRecord): boolean;
	/** Earlier runs that were broken off, as by SIGKILL: what became of them is recorded. */
	settleBroken(signal: AbortSignal): Promise<void>;
	/** Packs one storage; a failure is a record. */
	packStorage(
		target: PackTarget,
		options: {
			readonly run: string;
			readonly signal: AbortSignal;
			readonly onProgress: (progress: PackProgress) => void;
		},
	): Promise<PackRecord>;
};

/** Packs storages one after another; one that fails does not stop the next. Everything is in the history. */
export const runPacks = async (request: PackRequest, ports: RunPorts): Promise<PackRun> => {
	const {stillDue = () => true} = request;
	const lock = await ports.lock();
	try {
		if (!stillDue()) return {result: 'not-due'};
		if (lock.result !== 'locked')
			return recordAll(request, ports, begin(request, ports), withoutLock(lock));
		await ports.settleBroken(request.signal);
		return await packAll(request, ports);
	} finally {
		if (lock.result === 'locked') lock.release();
	}
};

const packAll = async (request: PackRequest, ports: RunPorts): Promise<PackRun> => {
	const {signal, onProgress = () => undefined} = request;
	const book = begin(request, ports);
	// A run that nobody can know of would be made again and again.
	if (book.unwritten.length > 0) return recordAll(request, ports, book, unwritable);
	const {run} = book;
	for (const target of request.targets) {
		const record = signal.aborted
			? notPacked(target, {run, now: ports.now(), ...interruption(signal)})
			: await ports.packStorage(target, {run, signal, onProgress});
		book.add(record);
	}
	return end(request, book, signal.aborted ? 'interrupted' : 'done');
};

const unwritable = {
	outcome: 'failed',
	reason: 'cannot write the history: without it the pack would be made again and again',
	advice: 'see whether the disk of the state directory is full: df',
} as const;

const interruption = ({reason}: AbortSignal) =>
	({
		outcome: 'skipped',
		reason: `the run was interrupted by ${String(reason)} before its turn`,
		advice: null,
	}) as const;

/** Without the lock nothing is packed, and the history says so. */
const withoutLock = (lock: Exclude<RunLock, {readonly result: 'locked'}>): WhyNot =>
	lock.result === 'held'
		? {
				outcome: 'skipped',
				reason: `another run of packs is under way: ${lock.by}`,
				advice: 'wait until it is over',
			}
		: {outcome: 'failed', reason: `cannot lock out other runs: ${lock.reason}`, advice: null};

/** Nothing is packed, for one reason. */
const recordAll = (request: PackRequest, ports: RunPorts, book: Book, why: WhyNot): PackRun => {
	for (const target of request.targets)
		book.add(notPacked(target, {run: book.run, now: ports.now(), ...why}));
	return end(request, book, why.outcome === 'skipped' ? 'busy' : 'done');
};

/** The records of one run, as they come. */
type Book = {
	readonly run: string;
	readonly records: readonly PackRecord[];
	readonly unwritten: readonly RunRecord[];
	now(): number;
	write(record: RunRecord): void;
	/** Also tells who has asked. */
	add(record: PackRecord): void;
};

const openBook = ({onRecord}: PackRequest, ports: RunPorts): Book => {
	const records: PackRecord[] = [];
	const unwritten: RunRecord[] = [];
	const write = (record: RunRecord): void => {
		if (!ports.append(record)) unwritten.push(record);
	};
	return {
		...{run: ports.newRun(), records, unwritten, now: ports.now, write},
		add(record) {
			records.push(record);
			write(record);
			onRecord?.(record);
		},
	};
};

const begin = (request: PackRequest, ports: RunPorts): Book => {
	const {targets, slot, by} = request;
	const book = openBook(request, ports);
	const storages = targets.map(({storage}) => storage);
	const inodes = ports.inodes(targets);
	book.write({
		at: ports.now(),
		event: 'pack-begin',
		run: book.run,
		...ports.process,
		storages,
		slot,
		by,
		...(Object.keys(inodes).length > 0 && {inodes}),
	});
	return book;
};

const end = ({slot}: PackRequest, book: Book, result: 'done' | 'interrupted' | 'busy'): PackRun => {
	const {run, records, unwritten} = book;
	book.write({at: book.now(), event: 'pack-end', run, slot});
	return {result, run, records, unwritten};
};

type WhyNot = Pick<PackRecord, 'reason' | 'advice'> & {readonly outcome: 'skipped' | 'failed'};

type NotPacked = Pick<PackRecord, 'run' | 'outcome' | 'reason' | 'advice'> & {readonly now: number};

/** The record of a storage of which nothing was asked. */
export const notPacked = (
	{storage, address}: Pick<PackTarget, 'storage' | 'address'>,
	{now, ...rest}: NotPacked,
): PackRecord => ({
	at: now,
	event: 'pack',
	storage,
	address,
	began: now,
	seconds: 0,
	packTime: null,
	before: null,
	after: null,
	warnings: [],
	...rest,
});
