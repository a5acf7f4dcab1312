import type {PackRecord} from '../history/pack-record.js';
import type {StorageKind} from '../storage/kind.js';
import type {ZeoClient} from '../zeo/client.js';
import type {PackEvidence} from './fate.js';
import type {PackTarget} from './target.js';

/** What a server answers to a plain question after its health. */
export type ServerAnswer =
	| {readonly answers: true; readonly start: string | null}
	/** One sentence about it. */
	| {readonly answers: false; readonly reason: string};

/** What the pack of one storage needs of the world. Times are Unix seconds, sizes bytes. */
export type JobPorts = {
	now(): number;
	/** Rejects with the reason of the signal. */
	wait(ms: number, signal: AbortSignal): Promise<void>;
	readonly kind: StorageKind;
	/** Registers with the storage. Rejects with a `ZeoCallError`. */
	open(target: PackTarget, options: {label: string; signal: AbortSignal}): Promise<ZeoClient>;
	/** Rejects with the reason of the signal. */
	ask(target: PackTarget, signal: AbortSignal): Promise<ServerAnswer>;
	/** What the server's user may still write where a file is; undefined where that cannot be seen. */
	freeBytes(file: string): Promise<number | undefined>;
	/** Where blobs are copied, because there are no hard links, and whether that is the disk of the data file. */
	blobCopies(
		files: NonNullable<PackTarget['files']>,
	): Promise<{readonly sameDisk: boolean} | undefined>;
	/** Who has a file open, as one line; readers are those that do not write as well. */
	findWriter(file: string): string | undefined;
	findReader(file: string): string | undefined;
	/** As `PackEvidence.isHeld`. */
	isHeld(files: NonNullable<PackTarget['files']>): boolean | undefined;
	/** The end of the server's log, or nothing. */
	readLog(): string;
	/** Writes down what the data file is now, for the guard. Resolves to what could not be written. */
	recordDatabase(storage: string): Promise<readonly string[]>;
	/** A command that brings a data file back. */
	repair(files: NonNullable<PackTarget['files']>): PackEvidence['repair'];
	/** The last good pack of a storage, to tell how long this one will take. */
	lastPack(storage: string): PackRecord | undefined;
	/** What should be known at once, also by those who do not look. */
	alarm(storage: string, text: string): void;
	renderBytes(bytes: number): string;
	/** A command of zeoctl about this instance, ready for a shell; null where there is no instance. */
	command(...words: readonly string[]): string | null;
	readonly diskFloor: number;
	readonly limits: JobLimits;
};

export type JobLimits = {
	/** Between two looks at files and disks while the server packs. */
	readonly lookMs: number;
	/** Between two questions to the server. */
	readonly askMs: number;
	/** Without an answer for so long, while the connection lasts, the wait is given up. */
	readonly muteMs: number;
	/** How long it is tried to find out what became of a pack. */
	readonly fateMs: number;
};

/** For real packs. */
export const usualLimits: JobLimits = {
	lookMs: 1000,
	askMs: 10_000,
	muteMs: 300_000,
	fateMs: 60_000,
};
