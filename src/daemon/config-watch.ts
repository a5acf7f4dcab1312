import {type FSWatcher, readFileSync, watch} from 'node:fs';
import path from 'node:path';
import type {Configuration} from '../control/messages.js';
import {digestOf} from '../platform/digest.js';
import type {Source} from '../settings/source.js';

/** What the zeoctl that is installed now says of the configuration on disk. */
export type Verdict = {
	/** The first mistake, `FILE:LINE: MESSAGE`; null when there is none. */
	readonly problem: string | null;
	/** All files that it consists of now. */
	readonly files: readonly string[];
};

type ConfigurationWatchOptions = {
	/** What was loaded. */
	readonly sources: readonly Source[];
	/** Checks what is on disk; rejects when that cannot be done. */
	readonly check: (signal: AbortSignal) => Promise<Verdict>;
	/** Hears of every change of what is known, with the files that differ. */
	readonly onChange: (found: Pick<Configuration, 'state' | 'files' | 'problem'>) => void;
	/** Milliseconds without an event after which a change counts as complete. */
	readonly settleMs?: number;
};

/**
 * Notices when the files of a configuration are not what was loaded any more, has them checked, and tells; nothing is
 * done about it. Each file is watched by its inode, and its folder only while it is missing: the folder of a
 * conf may hold a database or a log that is written to all day. No timer runs while nothing happens.
 */
export const watchConfiguration = (options: ConfigurationWatchOptions): {close(): void} => {
	const {sources, check, onChange, settleMs = 500} = options;
	const loaded = new Map(sources.map(({file, digest}) => [file, digest]));
	const leaving = new AbortController();
	let watchers: readonly FSWatcher[] = [];
	let files = [...loaded.keys()];
	let timer: NodeJS.Timeout | undefined;
	let told = JSON.stringify(asLoaded);
	let lastSeen = '';
	let hasEvents = false;
	let isLooking = false;

	const ring = (): void => {
		hasEvents = true;
		if (isLooking || leaving.signal.aborted) return;
		clearTimeout(timer);
		timer = setTimeout(() => void look(), settleMs).unref();
	};

	const arm = (): void => {
		for (const watcher of watchers) watcher.close();
		watchers = leaving.signal.aborted ? [] : files.flatMap(file => watchFile(file, ring));
	};

	const look = async (): Promise<void> => {
		isLooking = true;
		hasEvents = false;
		// First the watches, then the files: what changes in between is seen by one of both.
		arm();
		try {
			await judge();
		} finally {
			isLooking = false;
			if (hasEvents) ring();
		}
	};

	const judge = async (): Promise<void> => {
		const seen = files.map(file => `${file} ${digestOfFile(file) ?? ''}`).join('\n');
		if (seen === lastSeen) return;
		lastSeen = seen;
		const changed = files.filter(file => digestOfFile(file) !== loaded.get(file));
		if (changed.length === 0) {
			files = [...loaded.keys()];
			tell(asLoaded);
			return;
		}
		const verdict = await check(leaving.signal).catch(() => undefined);
		if (leaving.signal.aborted) return;
		const problem = verdict?.problem ?? null;
		tell({state: problem === null ? 'changed' : 'invalid', files: changed, problem});
		const present = [...new Set([...loaded.keys(), ...(verdict?.files ?? [])])];
		if (present.length === files.length && present.every(file => files.includes(file))) return;
		// A new include: from now on it is watched, too.
		files = present;
		ring();
	};

	const tell = (found: Pick<Configuration, 'state' | 'files' | 'problem'>): void => {
		const text = JSON.stringify(found);
		if (text === told) return;
		told = text;
		onChange(found);
	};

	void look();
	return {
		close() {
			leaving.abort();
			clearTimeout(timer);
			arm();
		},
	};
};

const asLoaded = {state: 'loaded', files: [], problem: null} as const;

const watchFile = (file: string, ring: () => void): readonly FSWatcher[] => {
	try {
		return [quiet(watch(file, ring), ring)];
	} catch {
		// Missing, between a delete and a rename for instance: its folder tells when it is back.
		try {
			const name = path.basename(file);
			const folder = watch(path.dirname(file), (_event, entry) => {
				if (entry === name) ring();
			});
			return [quiet(folder, ring)];
		} catch {
			// Nothing there to be watched, or no inotify instance left.
			return [];
		}
	}
};

/** A watch is no reason to stay alive, and its end is an event. */
const quiet = (watcher: FSWatcher, ring: () => void): FSWatcher => {
	watcher.on('error', ring);
	return watcher.unref();
};

const digestOfFile = (file: string): string | undefined => {
	try {
		return digestOf(readFileSync(file));
	} catch {
		return undefined;
	}
};
