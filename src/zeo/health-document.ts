/**
 * What a ZEO server tells about one storage in answer to `ruok`. Null where this server (its version) says
 * nothing. Counters run since the server's start.
 */
export type StorageHealth = {
	/** Registered clients; a probe is not counted. */
	readonly connections: number | null;
	readonly loads: number | null;
	readonly stores: number | null;
	readonly commits: number | null;
	readonly aborts: number | null;
	readonly conflicts: number | null;
	readonly conflictsResolved: number | null;
	readonly activeTransactions: number | null;
	/** Clients queued for the commit lock. */
	readonly waiting: number | null;
	/** When the commit lock was taken, Unix seconds; null while it is free. */
	readonly lockTime: number | null;
	/** Local time of the server as C writes it: of use only as an identity of this life. */
	readonly start: string | null;
	/** False is an alarm; null without `transaction-timeout`. */
	readonly timeoutThreadAlive: boolean | null;
	/** 16 hex digits; all zero for an empty storage. */
	readonly lastTransaction: string | null;
};

/** The storages of a health document by name, or undefined if the text is none. */
export const parseHealthDocument = (
	text: string,
): ReadonlyMap<string, StorageHealth> | undefined => {
	const document = parseJson(text);
	if (!isRecord(document)) {
		return undefined;
	}

	const entries = Object.entries(document);
	return entries.every(([, value]) => isRecord(value))
		? new Map(entries.map(([name, value]) => [name, parseStorage(isRecord(value) ? value : {})]))
		: undefined;
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What one storage is, by the names that ZEO gives; anything else in their place is null. */
export const parseStorage = (fields: Readonly<Record<string, unknown>>): StorageHealth => {
	const number = (name: string): number | null => {
		const value = fields[name];
		return typeof value === 'number' ? value : null;
	};

	const text = (name: string): string | null => {
		const value = fields[name];
		return typeof value === 'string' ? value : null;
	};

	const alive = fields['timeout-thread-is-alive'];
	return {
		connections: number('connections'),
		loads: number('loads'),
		stores: number('stores'),
		commits: number('commits'),
		aborts: number('aborts'),
		conflicts: number('conflicts'),
		conflictsResolved: number('conflicts_resolved'),
		activeTransactions: number('active_txns'),
		waiting: number('waiting'),
		lockTime: number('lock_time'),
		start: text('start'),
		timeoutThreadAlive: typeof alive === 'boolean' ? alive : null,
		lastTransaction: text('last-transaction'),
	};
};
