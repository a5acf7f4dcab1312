import {type SocketAddress, socketConnectionAddress} from './addresses.js';
import {boolean, byteSize, integer, string, timeInterval} from './datatypes.js';
import {
	abstractType,
	asMatched,
	type Children,
	defaultKey,
	optionalKey,
	optionalSection,
	requiredKey,
	requiredMultikey,
	type SectionMatch,
	type SectionType,
	sections,
	sectionType,
	type TypeTable,
} from './describe.js';
import {existingDirpath} from './paths.js';

/** One storage, whatever its kind; a wrapper shows the files of the storage inside it. */
export type StorageValue = {
	/** Undefined for the one storage of a server that may have no name. */
	readonly name: string | undefined;
	readonly type: string;
	/** The `Data.fs`. */
	readonly path: string | undefined;
	readonly blobDirectory: string | undefined;
	readonly readOnly: boolean;
	/** Whether an existing file is emptied at every start. */
	readonly create: boolean;
};

/** Everything that a ZEO server can serve. */
export const storage = abstractType<StorageValue>('zodb.storage');

/** What `newtdb` and `zodb` are; no server takes one. */
export const database = abstractType<unknown>('zodb.database');

type Facts = Partial<Omit<StorageValue, 'name' | 'type'>>;

/** The value of a storage section from what is special about it. */
export const storageValue = (
	{type, name}: Pick<SectionMatch<unknown>, 'type' | 'name'>,
	facts: Facts,
): StorageValue => ({
	name,
	type,
	path: facts.path,
	blobDirectory: facts.blobDirectory,
	readOnly: facts.readOnly ?? false,
	create: facts.create ?? false,
});

/** A storage type without files of its own, such as one that lives in a database or in memory. */
export const plainStorage = (name: string, children: Children): SectionType<StorageValue> =>
	sectionType({
		name,
		implements: storage,
		children,
		convert: match => storageValue(match, {readOnly: match.values['read-only'] === true}),
	});

const filestorage = (): SectionType<StorageValue> =>
	sectionType({
		name: 'filestorage',
		implements: storage,
		children: {
			path: requiredKey(existingDirpath),
			'blob-dir': optionalKey(existingDirpath),
			create: optionalKey(boolean),
			'read-only': optionalKey(boolean),
			quota: optionalKey(byteSize),
			packer: optionalKey(string),
			'pack-gc': defaultKey(boolean, 'true'),
			'pack-keep-old': defaultKey(boolean, 'true'),
		},
		convert: match =>
			storageValue(match, {
				path: match.values.path,
				blobDirectory: match.values['blob-dir'] || undefined,
				readOnly: match.values['read-only'] ?? false,
				create: match.values.create ?? false,
			}),
	});

const demostorage = (): SectionType<StorageValue> =>
	sectionType({
		name: 'demostorage',
		implements: storage,
		children: {name: optionalKey(string), factories: sections(storage)},
		convert: match => {
			const {factories} = match.values;
			return storageValue(match, factories.find(({path}) => path !== undefined) ?? {});
		},
	});

const blobstorage = (): SectionType<StorageValue> =>
	sectionType({
		name: 'blobstorage',
		implements: storage,
		children: {'blob-dir': requiredKey(string), base: optionalSection(storage)},
		convert: match =>
			storageValue(match, {
				...match.values.base,
				blobDirectory: match.values['blob-dir'],
			}),
	});

/** The two Berkeley storages: long gone, but their sections are still read. */
const berkeleyStorage = (name: string): SectionType<StorageValue> =>
	plainStorage(name, {
		envdir: requiredKey(string),
		interval: defaultKey(timeInterval, '2m'),
		kbyte: defaultKey(integer, '0'),
		min: defaultKey(integer, '0'),
		logdir: optionalKey(string),
		cachesize: defaultKey(byteSize, '128MB'),
		frequency: defaultKey(timeInterval, '0'),
		packtime: defaultKey(timeInterval, '4h'),
		gcpack: defaultKey(integer, '0'),
		'read-only': defaultKey(boolean, 'off'),
	});

const servers = requiredMultikey<SocketAddress>(socketConnectionAddress);

const zeoclient = (): SectionType<StorageValue> =>
	plainStorage('zeoclient', {
		server: servers,
		'blob-dir': optionalKey(string),
		'shared-blob-dir': defaultKey(boolean, 'no'),
		'blob-cache-size': optionalKey(byteSize),
		'blob-cache-size-check': optionalKey(integer),
		storage: defaultKey(string, '1'),
		'cache-size': defaultKey(byteSize, '20MB'),
		name: defaultKey(string, ''),
		client: optionalKey(string),
		var: optionalKey(string),
		'min-disconnect-poll': defaultKey(integer, '5'),
		'max-disconnect-poll': defaultKey(integer, '300'),
		wait: defaultKey(boolean, 'on'),
		'read-only': defaultKey(boolean, 'off'),
		'read-only-fallback': defaultKey(boolean, 'off'),
		username: optionalKey(string),
		password: optionalKey(string),
		realm: optionalKey(string),
		'drop-cache-rather-verify': defaultKey(boolean, 'off'),
		'client-label': optionalKey(string),
	});

/** The database section of an application: known by name, although no server takes it. */
const zodb = () =>
	sectionType({name: 'zodb', implements: database, children: {}, convert: asMatched});

/** The section types of ZODB. */
export const storageTypes: TypeTable = {
	'zodb.storage': () => storage,
	'zodb.database': () => database,
	filestorage,
	mappingstorage: () =>
		plainStorage('mappingstorage', {name: defaultKey(string, 'Mapping Storage')}),
	fullstorage: () => berkeleyStorage('fullstorage'),
	minimalstorage: () => berkeleyStorage('minimalstorage'),
	zeoclient,
	demostorage,
	zodb,
	blobstorage,
};
