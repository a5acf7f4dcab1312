import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {ListenAddress} from '../guard/listeners.js';
import {planTargets} from '../health/connect-targets.js';
import {digestOf} from '../platform/digest.js';
import {errorMessage} from '../platform/errors.js';
import {unusableConfiguration} from '../program/failure-kinds.js';
import {explainProblem} from '../settings/explain.js';
import {findProgramServer} from '../settings/program-server.js';
import {isRemovedKey} from '../settings/removed-keys.js';
import {resolveServer} from '../settings/server.js';
import type {ServerSettings, Settings, StorageSettings} from '../settings/settings.js';
import type {LaunchOrder, Reading} from '../supervisor/report.js';

/** What a start has to keep others away from, and others from it. */
export type Served = {
	readonly storages: readonly StorageSettings[];
	readonly addresses: readonly ListenAddress[];
};

/** What the program serves. */
export type ServedWatch = {
	/** As of the last look; at first as it was loaded. */
	last(): Served;
	/**
	 * As its configuration on disk says now, which a server reads anew at each of its starts. Throws where that cannot
	 * be read, because nobody would know which databases such a start is about.
	 */
	look(): Served;
	/** Why a look would throw now; undefined where it would not. */
	obstacle(): string | undefined;
};

type ServedOptions = Pick<LaunchOrder, 'settings' | 'server' | 'reading'> & {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly warn: (text: string) => void;
};

/** Costs nothing but to read a few files, unless one has changed since it was loaded. */
export const watchServed = (options: ServedOptions): ServedWatch => {
	const {settings, server, reading, warn} = options;
	const loaded = toServed(server === 'unreadable' ? undefined : server, settings);
	let last = loaded;
	const isAsLoaded = watchSources(reading);
	return {
		last: () => last,
		look() {
			const present = isAsLoaded() ? loaded : (readAgain(options) ?? loaded);
			const files = describe(present);
			if (files !== describe(last)) {
				warn(`the configuration has changed, the program serves ${files} now; to load it: reload`);
			}
			last = present;
			return present;
		},
		obstacle() {
			try {
				if (!isAsLoaded()) readAgain(options);
				return undefined;
			} catch (error) {
				return errorMessage(error);
			}
		},
	};
};

const toServed = (server: ServerSettings | undefined, settings: Settings): Served => ({
	storages: server?.storages ?? settings.storages,
	addresses: server === undefined ? [] : planTargets(server.zeo.address),
});

const describe = ({storages}: Served): string =>
	storages.flatMap(({path: file}) => (file === undefined ? [] : [`'${file}'`])).join(', ') ||
	'no data file';

/** Says whether the files of a conf still hold what was loaded; the content that did is compared faster than digested. */
const watchSources = (reading: Reading | undefined): (() => boolean) => {
	const loaded = new Map<string, Buffer>();
	const isLoaded = ({file, digest}: Reading['sources'][number]): boolean => {
		const content = readIfThere(file);
		if (content === undefined) return false;
		if (loaded.get(file)?.equals(content)) return true;
		if (digestOf(content) !== digest) return false;
		loaded.set(file, content);
		return true;
	};
	return () => (reading?.sources ?? []).every(isLoaded);
};

const readIfThere = (file: string): Buffer | undefined => {
	try {
		return readFileSync(file);
	} catch {
		return undefined;
	}
};

/** Undefined: it could not be used when it was loaded, either. */
const readAgain = ({settings, server, environment, cwd}: ServedOptions): Served | undefined => {
	const place = {environment, cwd};
	const present = findProgramServer(settings, place);
	if (present !== 'unreadable') return toServed(present, settings);
	if (server === 'unreadable') return undefined;
	const problem = resolveServer(settings, place).problems.find(each => !isRemovedKey(each));
	const why = problem === undefined ? 'it is not complete' : explainProblem(problem);
	throw new Error(`${unusableConfiguration}, and cannot be used: ${why}`);
};

/** The data files, absolute. */
export const dataFilesOf = ({storages}: Served): readonly string[] =>
	storages.flatMap(({path: file}) => (file === undefined ? [] : [path.resolve(file)]));
