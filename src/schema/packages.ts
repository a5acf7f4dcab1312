import {socketAddress, socketConnectionAddress} from './addresses.js';
import {boolean, byteSize, dottedName, float, integer, string, stringList} from './datatypes.js';
import {
	abstractType,
	anyMultikeys,
	asMatched,
	type Children,
	defaultKey,
	lazyType,
	optionalKey,
	optionalSection,
	type Package,
	requiredKey,
	requiredMultikey,
	requiredSection,
	type SectionType,
	sectionType,
} from './describe.js';
import {existingDirpath, existingFile} from './paths.js';
import {
	database,
	plainStorage,
	type StorageValue,
	storage,
	storageTypes,
	storageValue,
} from './storages.js';

type Packages = Readonly<Record<string, () => Package>>;

const adapter = abstractType<unknown>('relstorage.adapter');

const adapterType = (name: string, children: Children): SectionType<unknown> =>
	sectionType({
		name,
		implements: adapter,
		children: {driver: defaultKey(string, 'auto'), ...children},
		convert: asMatched,
	});

const optionalStrings = (names: string): Children =>
	Object.fromEntries(names.split(' ').map(name => [name, optionalKey(string)]));

/** Keys as of RelStorage 4.2, whose `component.xml` writes one of them with underscores. */
const relstorage = (): SectionType<StorageValue> =>
	plainStorage('relstorage', {
		adapter: optionalSection(adapter),
		name: optionalKey(string),
		'read-only': defaultKey(boolean, 'false'),
		'blob-dir': optionalKey(string),
		'shared-blob-dir': defaultKey(boolean, 'false'),
		'blob-cache-size': optionalKey(byteSize),
		'blob-cache-size-check': optionalKey(integer),
		'blob-cache-size-check-external': defaultKey(boolean, 'false'),
		'blob-chunk-size': optionalKey(byteSize),
		'keep-history': defaultKey(boolean, 'true'),
		'replica-conf': optionalKey(string),
		'ro-replica-conf': optionalKey(string),
		'replica-timeout': defaultKey(float, '600.0'),
		revert_when_stale: defaultKey(boolean, 'false'),
		'poll-interval': optionalKey(float),
		'pack-gc': defaultKey(boolean, 'true'),
		'pack-prepack-only': defaultKey(boolean, 'false'),
		'pack-skip-prepack': defaultKey(boolean, 'false'),
		'pack-batch-timeout': optionalKey(float),
		'pack-commit-busy-delay': optionalKey(float),
		...optionalStrings('cache-servers cache-module-name cache-prefix'),
		'cache-local-mb': optionalKey(integer),
		'cache-local-storage': optionalKey(dottedName),
		'cache-local-dir': optionalKey(string),
		'cache-local-dir-count': optionalKey(integer),
		'cache-local-dir-read-count': optionalKey(integer),
		'cache-local-dir-compress': optionalKey(boolean),
		'cache-local-dir-write-max-size': optionalKey(byteSize),
		'cache-local-object-max': optionalKey(byteSize),
		'cache-local-compression': optionalKey(string),
		'cache-delta-size-limit': optionalKey(integer),
		'commit-lock-timeout': optionalKey(integer),
		'commit-lock-id': optionalKey(integer),
		'create-schema': defaultKey(boolean, 'true'),
	});

const oracle = () =>
	adapterType('oracle', {
		user: requiredKey(string),
		password: requiredKey(string),
		dsn: requiredKey(string),
	});

const mysql = () =>
	adapterType('mysql', {
		...optionalStrings('host user passwd db'),
		port: optionalKey(integer),
		unix_socket: optionalKey(string),
		connect_timeout: optionalKey(integer),
		compress: optionalKey(boolean),
		named_pipe: optionalKey(boolean),
		...optionalStrings('read_default_file read_default_group'),
	});

const pragmas = (): SectionType<unknown> =>
	sectionType({
		name: 'pragmas',
		children: {
			page_size: optionalKey(byteSize),
			mmap_size: optionalKey(byteSize),
			max_page_count: optionalKey(integer),
			threads: optionalKey(integer),
			cache_size: optionalKey(byteSize),
			wal_autocheckpoint: optionalKey(integer),
			soft_heap_limit: optionalKey(byteSize),
			pragmas: anyMultikeys(string),
		},
		convert: asMatched,
	});

const sqlite3 = () =>
	adapterType('sqlite3', {
		'data-dir': requiredKey(existingDirpath),
		gevent_yield_interval: optionalKey(integer),
		pragmas: optionalSection(lazyType('pragmas', pragmas)),
	});

const newt = (): SectionType<unknown> =>
	sectionType({
		name: 'newt',
		implements: adapter,
		children: {
			adapter: optionalSection(adapter),
			transform: optionalKey(dottedName),
			'auxiliary-tables': optionalKey(stringList),
		},
		convert: asMatched,
	});

const newtdb = (): SectionType<unknown> =>
	sectionType({
		name: 'newtdb',
		implements: database,
		children: {db: optionalSection(database)},
		convert: asMatched,
	});

/** A wrapper that cannot be without the storage inside it. */
const strictWrapper = (name: string, children: Children = {}): SectionType<StorageValue> =>
	sectionType({
		name,
		implements: storage,
		children: {base: requiredSection(storage), ...children},
		convert: match => storageValue(match, match.values.base),
	});

const compressing = {compress: optionalKey(boolean)};

const encrypting = {encrypt: optionalKey(boolean), config: optionalKey(existingFile)};

const neostorage = (): SectionType<StorageValue> =>
	plainStorage('neostorage', {
		master_nodes: requiredKey(string),
		name: requiredKey(string),
		...optionalStrings('connector compress ca cert key'),
		'read-only': optionalKey(boolean),
		logfile: optionalKey(existingDirpath),
		'cache-size': optionalKey(byteSize),
		dynamic_master_list: optionalKey(existingDirpath),
	});

const clientSsl = (): SectionType<unknown> =>
	sectionType({
		name: 'ssl',
		children: {
			certificate: requiredKey(existingDirpath),
			key: optionalKey(existingDirpath),
			'password-function': optionalKey(string),
			authenticate: optionalKey(existingDirpath),
			'check-hostname': defaultKey(boolean, 'true'),
			'server-hostname': optionalKey(string),
		},
		convert: asMatched,
	});

const clientstorage = (): SectionType<StorageValue> =>
	plainStorage('clientstorage', {
		ssl: optionalSection(lazyType('ssl', clientSsl)),
		server: requiredMultikey(socketConnectionAddress),
		'cache-size': defaultKey(byteSize, '20MB'),
		'cache-path': optionalKey(string),
		'blob-dir': optionalKey(string),
		'shared-blob-dir': defaultKey(boolean, 'no'),
		'blob-cache-size': optionalKey(byteSize),
		'blob-cache-size-check': optionalKey(integer),
		'read-only': defaultKey(boolean, 'off'),
		'read-only-fallback': defaultKey(boolean, 'off'),
		'server-sync': defaultKey(boolean, 'off'),
		'wait-timeout': defaultKey(integer, '30'),
		'client-label': optionalKey(string),
		storage: defaultKey(string, '1'),
		name: defaultKey(string, ''),
	});

const packageOf = (types: Package['types'], imports: readonly string[] = []): Package => ({
	types,
	imports,
});

const zlibstorage = (): Package =>
	packageOf({
		zlibstorage: () => strictWrapper('zlibstorage', compressing),
		serverzlibstorage: () => strictWrapper('serverzlibstorage', compressing),
	});

/** The packages that a conf may `%import`: what their `component.xml` files define. */
export const storagePackages: Packages = {
	relstorage: () =>
		packageOf(
			{
				'relstorage.adapter': () => adapter,
				relstorage,
				postgresql: () => adapterType('postgresql', {dsn: defaultKey(string, '')}),
				oracle,
				mysql,
				pragmas,
				sqlite3,
			},
			['ZODB'],
		),
	'newt.db': () => packageOf({newt, newtdb}, ['ZODB', 'relstorage']),
	'zc.zlibstorage': zlibstorage,
	zlibstorage,
	tempstorage: () =>
		packageOf({
			temporarystorage: () =>
				plainStorage('temporarystorage', {name: defaultKey(string, 'Temporary Storage')}),
		}),
	'zc.zrs': () =>
		packageOf({
			zrs: () =>
				strictWrapper('zrs', {
					'replicate-to': optionalKey(socketAddress),
					'replicate-from': optionalKey(socketAddress),
					'keep-alive-delay': defaultKey(integer, '0'),
				}),
		}),
	'zc.zrs.xformstorage': () =>
		packageOf({
			hexstorage: () => strictWrapper('hexstorage'),
			serverhexstorage: () => strictWrapper('serverhexstorage'),
		}),
	'zc.beforestorage': () =>
		packageOf({
			before: () => strictWrapper('before', optionalStrings('before before-from-file')),
		}),
	'cipher.encryptingstorage': () =>
		packageOf({
			encryptingstorage: () => strictWrapper('encryptingstorage', encrypting),
			serverencryptingstorage: () => strictWrapper('serverencryptingstorage', encrypting),
		}),
	'neo.client': () => packageOf({neostorage}),
	'ZConfig.components.basic': () => packageOf({}),
	ZEO: () => packageOf({ssl: clientSsl, clientstorage}, ['ZODB']),
	ZODB: () => packageOf(storageTypes),
};
