import {readFileSync} from 'node:fs';
import path from 'node:path';
import {installedPath, possiblePaths} from './places.js';
import type {GeneratedFile} from './plan.js';
import {isIntact} from './seal.js';

/** How an installed file compares with what would be generated. */
export type Drift = {
	readonly file: string;
	/** `edited`: it differs because somebody has changed it. `surplus`: it is there, and would not be generated. */
	readonly state: 'same' | 'differs' | 'edited' | 'missing' | 'surplus';
};

/**
 * Compares what is installed for an instance with a plan of the same kinds. Of a kind of which nothing is installed
 * nothing is missing either. Throws for a file that cannot be read.
 */
export const findDrift = (
	files: readonly GeneratedFile[],
	{name, etc = '/etc'}: {readonly name: string; readonly etc?: string},
): readonly Drift[] => {
	const planned = files.map(file => ({...file, target: installedPath(file, etc)}));
	const folders = new Set(planned.map(({target}) => path.dirname(target)));
	const present = possiblePaths(name, etc).filter(
		file => folders.has(path.dirname(file)) && read(file) !== undefined,
	);
	const used = new Set(present.map(file => path.dirname(file)));
	const compared = planned
		.filter(({target}) => used.has(path.dirname(target)))
		.map(({target, content}): Drift => {
			const installed = read(target);
			if (installed === undefined) return {file: target, state: 'missing'};
			if (installed === content) return {file: target, state: 'same'};
			return {file: target, state: isIntact(installed) ? 'differs' : 'edited'};
		});
	const targets = planned.map(({target}) => target);
	const surplus = present
		.filter(file => !targets.includes(file))
		.map((file): Drift => ({file, state: 'surplus'}));
	return [...compared, ...surplus];
};

const read = (file: string): string | undefined => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	}
};
