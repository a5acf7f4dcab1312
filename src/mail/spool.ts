import {
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {replaceDurably} from '../platform/files.js';
import {
	type EntryName,
	hashOf,
	ownClaim,
	parseClaim,
	parseEntryName,
	renderEntryName,
} from './entry-name.js';
import {type Message, parseMessage} from './message.js';
import {type Limits, outboxLimits, planRoom} from './room.js';

/** One message in the outbox, seen from outside. */
export type Entry = EntryName & {
	readonly file: string;
	readonly place: 'waiting' | 'sending' | 'given-up';
	readonly bytes: number;
};

/** The outbox on disk. All its functions throw system errors, and none leaves a message in two places or in none. */
export type Spool = {
	/**
	 * Keeps a message durably, unless it is there already; what had to go for it is returned, with its words. Files
	 * are for their owner only.
	 */
	put(message: Message): readonly Message[];
	/** The oldest first; what a dead process was sending waits again. */
	list(): readonly Entry[];
	read(entry: Entry): Message | undefined;
	/** Takes a message to send it; undefined when another process was faster. */
	claim(entry: Entry): Entry | undefined;
	/** It was sent. */
	remove(entry: Entry): void;
	/** It was not; says why and when to try again. */
	postpone(entry: Entry, due: number, reason: string): void;
	/** Keeps it where nobody tries it unasked. */
	giveUp(entry: Entry, reason: string): void;
	/** Why the last attempt failed, as far as that could be kept. */
	reasonOf(entry: Entry): string | undefined;
};

/** The outbox below a state directory, made when the first message is put into it. */
export const openSpool = (stateDirectory: string, limits: Limits = outboxLimits): Spool => {
	const root = path.join(stateDirectory, 'outbox');
	const folders = {
		waiting: root,
		sending: path.join(root, 'sending'),
		'given-up': path.join(root, 'given-up'),
	} as const;
	const reasons = path.join(root, 'reasons');

	const listPlace = (place: Entry['place']): readonly Entry[] =>
		namesIn(folders[place]).flatMap(name => {
			const file = path.join(folders[place], name);
			const parsed = parseEntryName(parseClaim(name)?.name ?? name);
			const bytes = sizeOf(file);
			return parsed && bytes !== undefined ? [{...parsed, file, place, bytes}] : [];
		});
	const list = (): readonly Entry[] => {
		for (const name of namesIn(folders.sending)) takeBack(name);
		const places = ['waiting', 'sending', 'given-up'] as const;
		return places.flatMap(listPlace).sort((left, right) => left.at - right.at);
	};
	const takeBack = (claimed: string): void => {
		const claim = parseClaim(claimed);
		if (claim === undefined || claim.isHeld) return;
		move(path.join(folders.sending, claimed), path.join(root, claim.name));
	};
	const read = ({file}: Entry): Message | undefined => {
		try {
			return parseMessage(readFileSync(file, 'utf8'));
		} catch {
			return undefined;
		}
	};
	const keepReason = ({hash}: Entry, reason: string): void => {
		try {
			mkdirSync(reasons, {recursive: true, mode: 0o700});
			writeFileSync(path.join(reasons, hash), reason.slice(0, 1000), {mode: 0o600});
		} catch {
			// The next attempt tells it again.
		}
	};
	const remove = ({file, hash}: Entry): void => {
		removeIfThere(file);
		removeIfThere(path.join(reasons, hash));
	};
	return {
		put(message) {
			for (const folder of Object.values(folders))
				mkdirSync(folder, {recursive: true, mode: 0o700});
			removeTorn(root);
			const entries = list();
			const hash = hashOf(message.id);
			if (entries.some(entry => entry.hash === hash)) return [];
			const content = JSON.stringify(message);
			const name = renderEntryName({...message, attempts: 0, due: message.at, hash});
			replaceDurably(path.join(root, name), content, {mode: 0o600});
			const dropped = planRoom(entries, Buffer.byteLength(content), limits).map(entry => {
				const words = read(entry);
				remove(entry);
				return words;
			});
			return dropped.filter(words => words !== undefined);
		},
		list,
		read,
		claim(entry) {
			const attempts = entry.attempts + 1;
			const name = renderEntryName({...entry, attempts});
			const file = path.join(folders.sending, `${name}${ownClaim()}`);
			return move(entry.file, file) ? {...entry, attempts, file, place: 'sending'} : undefined;
		},
		remove,
		postpone(entry, due, reason) {
			move(entry.file, path.join(root, renderEntryName({...entry, due})));
			keepReason(entry, reason);
		},
		giveUp(entry, reason) {
			move(entry.file, path.join(folders['given-up'], renderEntryName(entry)));
			keepReason(entry, reason);
		},
		reasonOf({hash}) {
			try {
				return readFileSync(path.join(reasons, hash), 'utf8');
			} catch {
				return undefined;
			}
		},
	};
};

const namesIn = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch (error) {
		if (isAbsence(error)) return [];
		throw error;
	}
};

const sizeOf = (file: string): number | undefined => {
	try {
		const found = statSync(file);
		return found.isFile() ? found.size : undefined;
	} catch {
		return undefined;
	}
};

/** Whether the file was still there. */
const move = (from: string, to: string): boolean => {
	try {
		renameSync(from, to);
		return true;
	} catch (error) {
		if (isAbsence(error)) return false;
		throw error;
	}
};

const removeIfThere = (file: string): void => {
	try {
		unlinkSync(file);
	} catch (error) {
		if (!isAbsence(error)) throw error;
	}
};

/** What a process that died while it wrote has left behind. */
const removeTorn = (folder: string): void => {
	const hour = 3_600_000;
	for (const name of namesIn(folder).filter(each => each.endsWith('.new'))) {
		const file = path.join(folder, name);
		if (Date.now() - (statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? Date.now()) > hour) {
			removeIfThere(file);
		}
	}
};

const isAbsence = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && error.code === 'ENOENT';
