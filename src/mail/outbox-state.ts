import {readdirSync} from 'node:fs';
import path from 'node:path';
import {parseEntryName} from './entry-name.js';
import {countGivenUp} from './given-up.js';

/** What is in an outbox, without touching it. */
export type OutboxState = {
	readonly waiting: number;
	readonly givenUp: number;
	/** Unix seconds when the oldest one that waits was written; undefined where none waits. */
	readonly oldest: number | undefined;
};

/** Looks at the names in the outbox of a state directory; what cannot be seen is not counted. */
export const readOutboxState = (stateDirectory: string): OutboxState => {
	const times = listFolder(path.join(stateDirectory, 'outbox')).flatMap(
		name => parseEntryName(name)?.at ?? [],
	);
	return {
		waiting: times.length,
		givenUp: countGivenUp(stateDirectory),
		oldest: times.length === 0 ? undefined : Math.min(...times),
	};
};

const listFolder = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};
