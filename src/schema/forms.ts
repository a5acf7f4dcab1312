import type {Item, Tree} from '../zconfig/tree.js';
import {
	lazyType,
	optionalSection,
	requiredSection,
	sections,
	type TypeTable,
	type ValuesOf,
} from './describe.js';
import {eventlog, loggingTypes} from './eventlog.js';
import {storagePackages} from './packages.js';
import {environment, runner} from './runner.js';
import {storage, storageTypes} from './storages.js';
import {serverSsl, zeo} from './zeo.js';
import {ownSections, ownTypes} from './zeoctl.js';

/** The two forms of a supervisor's file. */
export type Form = 'zdaemon' | 'zeoctl';

const daemonTypes = (): TypeTable => ({...loggingTypes, runner, environment});
const serverTypes = (): TypeTable => ({...storageTypes, ssl: serverSsl, zeo, ...daemonTypes()});
const daemonComponents = ['ZConfig.components.logger', 'zdaemon'];
const serverComponents = ['ZODB', ...daemonComponents];

/** zdaemon's file: `<runner>`, `<environment>`, `<eventlog>`. */
export const zdaemonSchema = () => ({
	children: {
		runner: requiredSection(lazyType('runner', runner)),
		environment: optionalSection(lazyType('environment', environment)),
		eventlog: optionalSection(lazyType('eventlog', eventlog)),
		...ownSections(),
	},
	types: {...daemonTypes(), ...ownTypes},
	components: daemonComponents,
	packages: storagePackages,
});

/** zeoctl's file: `<zeo>`, `<runner>`, named storages, `<eventlog>`. */
export const zeoctlSchema = () => ({
	children: {
		zeo: requiredSection(lazyType('zeo', zeo)),
		runner: requiredSection(lazyType('runner', runner)),
		storages: sections(storage, {isRequired: true, isNamed: true}),
		eventlog: optionalSection(lazyType('eventlog', eventlog)),
		...ownSections(),
	},
	types: {...serverTypes(), ...ownTypes},
	components: serverComponents,
	packages: storagePackages,
});

/** The server's own file: a storage may be without name, a `<runner>` may be there. */
export const runzeoSchema = () => ({
	children: {
		zeo: requiredSection(lazyType('zeo', zeo)),
		runner: optionalSection(lazyType('runner', runner)),
		storages: sections(storage, {isRequired: true}),
		eventlog: optionalSection(lazyType('eventlog', eventlog)),
	},
	types: serverTypes(),
	components: serverComponents,
	packages: storagePackages,
});

export type ZdaemonValues = ValuesOf<ReturnType<typeof zdaemonSchema>['children']>;
export type ZeoctlValues = ValuesOf<ReturnType<typeof zeoctlSchema>['children']>;

/** Which form a file has: a top-level `<zeo>` or storage section makes it zeoctl's. */
export const formOf = (tree: Tree): Form => {
	const imported = new Set<string>();
	for (const item of tree.items) {
		if (item.kind === 'import') addStorages(imported, item.packageName);
		if (isServerSection(item, imported)) return 'zeoctl';
	}
	return 'zdaemon';
};

const isServerSection = (item: Item, imported: ReadonlySet<string>): boolean => {
	if (item.kind !== 'section') return false;
	if (item.type === 'zeo' || imported.has(item.type)) return true;
	return Object.hasOwn(storageTypes, item.type);
};

const addStorages = (types: Set<string>, packageName: string): void => {
	const known = Object.hasOwn(storagePackages, packageName)
		? storagePackages[packageName]?.()
		: undefined;
	for (const other of known?.imports ?? []) addStorages(types, other);
	for (const [name, make] of Object.entries(known?.types ?? {})) {
		const type = make();
		if (type.kind === 'section-type' && type.implements === storage.name) types.add(name);
	}
};
