import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {readBootId} from '../platform/process-stat.js';
import {renderShellCommand} from '../platform/shell-word.js';
import type {ServerPlace} from '../settings/server-place.js';
import type {ServerSettings, StorageSettings} from '../settings/settings.js';
import type {DatabaseFiles, StorageKind} from '../storage/kind.js';
import {judgePlace, type PlaceTrouble} from './database-place.js';
import {type DatabaseTrouble, type DatabaseVerdict, judgeDatabase} from './database-verdict.js';
import {type Ledger, type LedgerReason, ledgerFile, readLedger, writeLedger} from './ledger.js';
import {copyLedger, recallLedger} from './ledger-copy.js';
import {lockFileOf} from './lock.js';
import {hasLoggedPack} from './pack-log.js';
import {isSymbolicLink, readFileSystem, readOwners, type ServerUser} from './place-facts.js';

/** Where databases are looked for, and what knows their files. */
export type DatabaseOptions = ServerPlace & {
	readonly kind: StorageKind;
	/** `zeoctl` for the instance, without an action, for advice. */
	readonly command: readonly string[];
};

/** Something wrong with one database. */
export type DatabaseFinding = {
	readonly storage: string;
	readonly path: string;
	readonly code: DatabaseTrouble['code'] | PlaceTrouble['code'] | 'ledger';
	/** What follows `cannot start: `, or stands alone as a warning. */
	readonly reason: string;
	/** What to do or to type. */
	readonly hint: string;
	/** A command that repairs it without loss, ready for a shell. */
	readonly repair?: string;
};

export type DatabaseCheck = {
	/** While there is one, the server must not be started. */
	readonly refusals: readonly DatabaseFinding[];
	readonly warnings: readonly DatabaseFinding[];
};

/** A database of a server with its ledger and what that comes to. */
export type SeenDatabase = {
	readonly storage: StorageSettings;
	readonly files: DatabaseFiles;
	/** Undefined: there is none that could be read. */
	readonly ledger: Ledger | undefined;
	/** Why the ledger that is there cannot be used. */
	readonly unusable: string | undefined;
	readonly verdict: DatabaseVerdict;
};

/**
 * Whether a server may be started on its databases: none is missing, emptied or older than it was, none will be
 * emptied by the start, and their files can be used by `user`. Reads a few blocks of each. Never throws.
 */
export const checkDatabases = async (
	server: Pick<ServerSettings, 'storages'>,
	{user, isNamed, isRoot, ...options}: DatabaseOptions & Reader,
): Promise<DatabaseCheck> => {
	const troubles = lookAtDatabases(server, options).flatMap(seen =>
		troublesOf(seen, {user, isNamed, isRoot}, options.kind).map(({verdict, ...trouble}) => ({
			verdict,
			finding: {storage: seen.storage.name, path: seen.files.path, ...trouble},
		})),
	);
	const those = (wanted: 'warn' | 'refuse') =>
		troubles.filter(({verdict}) => verdict === wanted).map(({finding}) => finding);
	return {refusals: those('refuse'), warnings: those('warn')};
};

/** For whom a server is looked at. */
export type Reader = {
	/** Who runs it. */
	readonly user: ServerUser;
	/** Whether the conf says so. */
	readonly isNamed: boolean;
	/** Whether root reads what is found. */
	readonly isRoot: boolean;
};

type Trouble = Omit<DatabaseFinding, 'storage' | 'path'> & {readonly verdict: 'warn' | 'refuse'};

const troublesOf = (
	{storage, files, unusable, verdict}: SeenDatabase,
	{user, isNamed, isRoot}: Reader,
	kind: StorageKind,
): readonly Trouble[] => {
	const {blobDirectory, create, readOnly} = storage;
	const belonging = [
		...kind.files({dataPath: files.path, blobDirectory}),
		{path: lockFileOf(files.realPath), is: 'file' as const},
	];
	const place = judgePlace({
		files,
		isLink: isSymbolicLink(files.path),
		create,
		readOnly,
		owned: readOwners(belonging, user, readOnly),
		user,
		isNamed,
		isRoot,
		fileSystem: readFileSystem(files.realPath),
	});
	return [
		...(verdict.verdict === 'ok' ? [] : [verdict]),
		...(unusable === undefined ? [] : [ledgerTrouble(files.realPath, unusable)]),
		...place,
	];
};

const ledgerTrouble = (realPath: string, reason: string): Trouble => ({
	verdict: 'warn',
	code: 'ledger',
	reason: `nothing is known of the last run: '${ledgerFile(realPath)}' cannot be used, ${reason}`,
	hint: 'it is written again when the server has started',
});

/** The databases of a server, each with its ledger and verdict. Never throws. */
export const lookAtDatabases = (
	{storages}: Pick<ServerSettings, 'storages'>,
	options: DatabaseOptions,
): readonly SeenDatabase[] =>
	storages.flatMap(storage => {
		if (storage.path === undefined) return [];
		return [lookAtDatabase(storage, path.resolve(options.directory, storage.path), options)];
	});

const lookAtDatabase = (
	storage: StorageSettings,
	dataPath: string,
	{kind, command, logs, stateDirectory}: DatabaseOptions,
): SeenDatabase => {
	const files = kind.inspect(dataPath);
	const found = readLedger(files.realPath);
	const ledger = newestOf(
		found.state === 'known' ? found.ledger : undefined,
		recallLedger(stateDirectory, files.realPath),
	);
	const verdict = judgeDatabase({
		files,
		ledger,
		hasLoggedPack: since => hasLoggedPack(logs, since),
		acceptCommand: renderShellCommand([...command, 'accept-database', storage.name]),
	});
	const unusable = found.state === 'unusable' ? found.reason : undefined;
	return {storage, files, ledger, unusable, verdict};
};

const newestOf = (one: Ledger | undefined, other: Ledger | undefined): Ledger | undefined =>
	one === undefined || (other?.at ?? 0) > one.at ? other : one;

/**
 * Writes down how the databases of a server are, for the next start: when it is up (`ready`), after it has ended (`end`)
 * and after our own `pack`. A database that would be refused keeps its
 * ledger, so that nothing is forgotten. Resolves to what could not be written; never throws.
 */
export const recordDatabases = async (
	server: Pick<ServerSettings, 'storages'>,
	{why, ...options}: DatabaseOptions & {readonly why: Exclude<LedgerReason, 'accepted'>},
): Promise<readonly string[]> =>
	lookAtDatabases(server, options).flatMap(({storage, files, ledger, verdict}) => {
		// Reading servers have their writer; what our own pack has made is as it should be.
		if (storage.readOnly || (verdict.verdict === 'refuse' && !isOwnPack(why, verdict))) return [];
		const present = describePresent(files, ledger);
		if (present === undefined || !isNews(why, present, ledger)) return [];
		return tryToWrite(files.realPath, {...present, ...occasion(why)}, options.stateDirectory);
	});

/** A pack may lower the last transaction; it never empties. */
const isOwnPack = (why: LedgerReason, {code}: DatabaseTrouble): boolean =>
	why === 'pack' && code === 'older';

/**
 * Records that a person calls the present state the right one, whatever it is. Throws system errors, and then nothing has
 * changed.
 */
export const acceptDatabase = (
	{files}: Pick<SeenDatabase, 'files'>,
	{stateDirectory}: Pick<DatabaseOptions, 'stateDirectory'>,
): Ledger => {
	const {data, old, pack, index, rescued} = files;
	const dismissed = [old, pack, index, rescued].flatMap(file => (file?.inode ? [file.inode] : []));
	const ledger: Ledger = {
		size: data?.size ?? 0,
		tid: data?.content.state === 'transactions' ? data.content.last.tid : null,
		inode: data?.inode || null,
		dismissed,
		...occasion('accepted'),
	};
	writeLedger(files.realPath, ledger);
	// Where it cannot be copied, the earlier copy stays, which is older than the ledger and so does not count.
	tryToCopy(files.realPath, ledger, stateDirectory);
	return ledger;
};

type Present = Pick<Ledger, 'size' | 'tid' | 'inode' | 'dismissed'>;

/** Nothing is said of a file that is not there or not understood. */
const describePresent = (
	{data}: DatabaseFiles,
	ledger: Ledger | undefined,
): Present | undefined => {
	if (data?.content.state !== 'transactions' && data?.content.state !== 'empty') return undefined;
	return {
		size: data.size,
		tid: data.content.state === 'transactions' ? data.content.last.tid : null,
		inode: data.inode,
		dismissed: ledger?.dismissed ?? [],
	};
};

/**
 * When a server is up, nothing can have changed since the last record, except that an empty database may not be empty
 * for long; later the time counts, too.
 */
const isNews = (why: LedgerReason, present: Present, ledger: Ledger | undefined): boolean =>
	why !== 'ready' ||
	(present.tid === null && ledger?.why !== 'ready') ||
	present.size !== ledger?.size ||
	present.tid !== ledger.tid ||
	present.inode !== ledger.inode;

const occasion = <Why extends LedgerReason>(why: Why) => ({
	at: Date.now() / 1000,
	boot: readBootId(),
	why,
});

const tryToWrite = (
	realPath: string,
	ledger: Ledger,
	stateDirectory: string,
): readonly string[] => [
	...unlessDone(`write '${ledgerFile(realPath)}'`, () => writeLedger(realPath, ledger)),
	...tryToCopy(realPath, ledger, stateDirectory),
];

const tryToCopy = (realPath: string, ledger: Ledger, stateDirectory: string): readonly string[] =>
	unlessDone(`copy '${ledgerFile(realPath)}' to '${stateDirectory}'`, () =>
		copyLedger(stateDirectory, realPath, ledger),
	);

const unlessDone = (what: string, work: () => void): readonly string[] => {
	try {
		work();
		return [];
	} catch (error) {
		return [`cannot ${what}: ${errorMessage(error)}`];
	}
};
