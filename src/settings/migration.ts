import path from 'node:path';
import {portAddress} from '../schema/addresses.js';
import {isConversionError} from '../schema/conversion-error.js';
import {removedKeyAdvice} from '../schema/zeo.js';
import {ownTypes} from '../schema/zeoctl.js';
import type {Item, KeyNode, Tree} from '../zconfig/tree.js';
import {type CheckReport, checkConfiguration, type Finding} from './check.js';
import {createDrafts, type DraftedFile} from './drafts.js';
import {pathOfUrl} from './explain.js';
import {nodeFileSystem, surroundingsOf} from './file-system.js';
import type {LoadOptions} from './load.js';
import {readTree} from './read-configuration.js';

/** One line that goes, and why. */
type DroppedKey = {
	readonly file: string;
	readonly line: number;
	readonly key: string;
	readonly why: string;
};

/** What a conf of old needs to become one of today. */
export type Migration = {
	readonly files: readonly DraftedFile[];
	readonly dropped: readonly DroppedKey[];
	/** The conf to name from then on. */
	readonly configFile: string;
	/** What `check` then says. */
	readonly report: CheckReport;
};

/** No conf has its keys refused in more rounds: its own mistakes come first, then those of the server's. */
const mostRounds = 4;

const dead = /^'([^']*)' (?:is not a known key name|has no effect: the supervisor )/;

/**
 * Plans, without writing anything, what makes an old configuration one of today: lines that no program of today
 * takes or heeds go, `monitor-address` becomes a `<monitor>` section. All else stays as it is, byte for byte.
 */
export const planMigration = (options: LoadOptions & {readonly configFile: string}): Migration => {
	const {cwd, environment, fileSystem = nodeFileSystem} = options;
	const configFile = path.resolve(cwd, options.configFile);
	const drafts = createDrafts(fileSystem);
	const place = {cwd, environment, fileSystem: drafts.fileSystem};
	const untouched = {cwd, environment, fileSystem};
	const check = (file: string): CheckReport =>
		checkConfiguration({overrides: {configFile: file}, ...place});
	const dropped: DroppedKey[] = [];
	const addresses: string[] = [];
	const original = readTree(configFile, untouched);
	for (let round = 0; round < mostRounds; round++) {
		const found = check(configFile).findings.flatMap(finding => {
			const key = deadKeyOf(finding);
			return key === undefined || !drafts.holds(finding.file, finding.line, key)
				? []
				: [{key, file: finding.file ?? '', line: drafts.lineBefore(finding), hint: finding.hint}];
		});
		if (found.length === 0) break;
		for (const {key, file, line, hint} of found) {
			const value = isMonitor(key) ? findValue(original, untouched, file, line) : undefined;
			const address = value === undefined ? undefined : localAddress(value, place);
			if (address !== undefined) addresses.push(address);
			const why = isMonitor(key)
				? explainMonitor(value, address, hasSection(original, 'runner'))
				: (hint ?? 'it has no effect');
			dropped.push({file, line, key, why});
		}
		drafts.remove(found);
	}
	const address = addresses[0];
	const home =
		address === undefined || !hasSection(original, 'runner')
			? undefined
			: homeOf(original, configFile);
	if (home !== undefined && address !== undefined) {
		const own = ['', '<monitor>', `  address ${address}`, '</monitor>'];
		const isNew = home !== configFile && !fileSystem.exists(home);
		drafts.append(home, isNew ? [`%include ${path.basename(configFile)}`, ...own] : own);
	}
	const next = home ?? configFile;
	return {files: drafts.files(), dropped, configFile: next, report: check(next)};
};

const isMonitor = (key: string): boolean => key.toLowerCase() === 'monitor-address';

/** The name of a key that `check` finds dead, whatever case it was written in. */
const deadKeyOf = ({message, severity, hint}: Finding): string | undefined => {
	const key = dead.exec(message)?.[1];
	if (key === undefined) return undefined;
	return severity === 'warning' || (hint !== undefined && hint === removedKeyAdvice(key))
		? key
		: undefined;
};

const explainMonitor = (
	value: string | undefined,
	address: string | undefined,
	hasRunner: boolean,
): string => {
	if (address !== undefined && !hasRunner)
		return `ZEO 5 removed the monitor server: a <monitor> section with address ${address} serves the same, in the conf that has the <runner> of this server`;
	return address === undefined
		? `ZEO 5 removed the monitor server, and '${value ?? ''}' is no port that <monitor> could serve`
		: `ZEO 5 removed the monitor server: <monitor> serves the same at ${address}, which is open to this machine only where no host is given`;
};

/** The text of an address that `<monitor>` takes, or undefined. */
const localAddress = (
	value: string,
	{environment, cwd, fileSystem}: Required<Pick<LoadOptions, 'environment' | 'cwd' | 'fileSystem'>>,
): string | undefined => {
	try {
		portAddress(value, surroundingsOf(fileSystem, environment, cwd));
		return value;
	} catch (error) {
		if (isConversionError(error)) return undefined;
		throw error;
	}
};

/** Where our own sections go: where some are already, else into a file of their own that includes the old one. */
const homeOf = ({items}: Tree, configFile: string): string => {
	const hasOwn = items.some(item => item.kind === 'section' && Object.hasOwn(ownTypes, item.type));
	if (hasOwn) return configFile;
	const name = path.basename(configFile).replace(/\.conf$/, '');
	const bare = name.replace(/-(?:zdaemon|zeo)$/, '');
	return path.join(path.dirname(configFile), `${bare}-zeoctl.conf`);
};

const hasSection = ({items}: Tree, type: string): boolean =>
	items.some(item => item.kind === 'section' && item.type === type);

/** The value that a line gives, substituted, in the tree of the conf or of the very file. */
const findValue = (
	tree: Tree,
	place: Required<Pick<LoadOptions, 'environment' | 'cwd' | 'fileSystem'>>,
	file: string,
	line: number,
): string | undefined => {
	const isIt = (item: Item): item is KeyNode =>
		item.kind === 'key' && item.position.line === line && pathOfUrl(item.position.url) === file;
	const search = (items: readonly Item[]): KeyNode | undefined => {
		for (const item of items) {
			const found = item.kind === 'section' ? search(item.items) : isIt(item) ? item : undefined;
			if (found !== undefined) return found;
		}
		return undefined;
	};
	return (search(tree.items) ?? search(readTree(file, place).items))?.value;
};
