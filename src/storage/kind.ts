/** One transaction of a database, by its record. */
export type Transaction = {
	/** 16 hexadecimal digits; later ones compare greater. */
	readonly tid: string;
	/** Whether a pack has gone over it: every transaction before the time of a pack is marked so. */
	readonly packed: boolean;
};

/** What is inside of a data file. */
export type DataContent =
	/** No whole transaction: nothing, the header alone, or a first transaction that was never finished. */
	| {readonly state: 'empty'; readonly tail: number}
	| {
			readonly state: 'transactions';
			readonly first: Transaction;
			readonly last: Transaction;
			/** Bytes after the last whole transaction: one that was never finished. */
			readonly tail: number;
	  }
	/** It begins as it should, but where its last transaction ends cannot be found. */
	| {readonly state: 'unclear'}
	/** It does not begin like a data file. */
	| {readonly state: 'foreign'}
	/** There it is, but it cannot be read. */
	| {readonly state: 'unreadable'; readonly reason: string};

/** One data file as it lies on the disk. */
export type DataFile = {
	readonly path: string;
	/** Bytes. */
	readonly size: number;
	/** Decimal: beyond 53 bits on some file systems. */
	readonly inode: string;
	/** Names of the file. */
	readonly links: number;
	/** Unix seconds. */
	readonly modifiedAt: number;
	/** The first four bytes, fewer in a shorter file. */
	readonly magic: string;
	readonly content: DataContent;
};

/** The index beside a data file. */
export type IndexFile = {
	readonly inode: string;
	/** Up to which byte of the data file it counts; undefined when it cannot be told. */
	readonly indexedTo: number | undefined;
	/** Whether it names at least one object. */
	readonly hasEntries: boolean;
};

/** A database with what its pack leaves beside it. Undefined: there is no such file. */
export type DatabaseFiles = {
	/** Where the storage opens it, absolute; symbolic links are left as they are. */
	readonly path: string;
	/** Where it really is, or would be created: what the lock and the ledger stand beside. */
	readonly realPath: string;
	readonly data: DataFile | undefined;
	/** What the data file was before the last pack. */
	readonly old: DataFile | undefined;
	/** The copy that a pack is writing, or has left. */
	readonly pack: DataFile | undefined;
	readonly index: IndexFile | undefined;
	/** Where there is no data file: the copy that was rescued last from a server which still had one. */
	readonly rescued?: DataFile | undefined;
};

/** A file without a look at its content. */
export type FileGlance = {
	/** Bytes. */
	readonly size: number;
	/** Decimal. */
	readonly inode: string;
	/** Unix milliseconds. */
	readonly modifiedMs: number;
};

/** The files that a pack works on. Undefined: there is no such file, or it cannot be seen. */
export type PackGlance = {
	readonly data: FileGlance | undefined;
	readonly old: FileGlance | undefined;
	readonly pack: FileGlance | undefined;
};

export type BlobMeasure = {readonly files: number; readonly bytes: number};

/** A file or folder that the storage must be able to write to. */
export type StorageFile = {readonly path: string; readonly is: 'file' | 'folder'};

/** What a kind of storage answers about its files. Only the folder of the kinds knows their names and formats. */
export type StorageKind = {
	/** Looks at a database; a few reads, whatever its size. Never throws. */
	inspect(dataPath: string): DatabaseFiles;
	/**
	 * Whether the next start finds an index of everything in the data file, as an orderly end leaves it; undefined
	 * where that cannot be told. Never throws.
	 */
	isIndexSaved(dataPath: string): boolean | undefined;
	/** The same of its sizes alone, for those who look every second. Never throws. */
	glance(dataPath: string): PackGlance;
	/** The copy that a pack writes, for those who want to know who has it open. */
	packPath(dataPath: string): string;
	/** The name of a copy that is rescued from a running server, at a local time such as `20261123-041351`. */
	rescuePath(dataPath: string, time: string): string;
	/** What the last pack has kept, for those who want it back. */
	oldPath(dataPath: string): string;
	/** All blobs in a folder; undefined when it cannot be read. Takes a while where there are many. */
	measureBlobs(directory: string): Promise<BlobMeasure | undefined>;
	/** The files that belong to a database, present or not. */
	files(storage: {
		readonly dataPath: string;
		readonly blobDirectory: string | undefined;
	}): readonly StorageFile[];
};
