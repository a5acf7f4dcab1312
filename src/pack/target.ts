/** How much history of a storage is kept. */
export type PackLimit = {
	/** Before now, or before the time of day of today. */
	readonly days: number;
	/** Seconds since local midnight; undefined: now. */
	readonly timeOfDay: number | undefined;
};

/** The files of a storage that is on this machine. All paths are absolute. */
export type PackFiles = {
	/** The `Data.fs`, symbolic links as they are. */
	readonly dataPath: string;
	readonly blobDirectory: string | undefined;
};

/** One storage that is to be packed. */
export type PackTarget = {
	readonly storage: string;
	/** Where its server is asked, such as `localhost:8100`. */
	readonly address: string;
	readonly limit: PackLimit;
	/** Percent of room beyond a full copy. */
	readonly margin: number;
	/** Undefined: on another machine, or without files. */
	readonly files: PackFiles | undefined;
	/** The server was told to open it for reading only, and refuses to pack it. */
	readonly readOnly: boolean;
};

/** How far the pack of one storage is. */
export type PackProgress = {
	readonly storage: string;
	readonly step: 'checking' | 'finding what is in use' | 'copying' | 'finishing';
	/** Bytes of the copy so far, and how many are expected; null where that is not to be seen. */
	readonly copied: number | null;
	readonly expected: number | null;
	/** Since the pack began. */
	readonly seconds: number;
	/** Estimated from earlier packs; null without one. */
	readonly secondsLeft: number | null;
	/** What should be known at once, such as a disk that fills. */
	readonly alarm: string | null;
};
