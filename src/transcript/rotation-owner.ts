import fs from 'node:fs';
import path from 'node:path';
import {replaceDurably} from '../platform/files.js';

/** Who rotates a transcript: we, or somebody who renames it and has it reopened, such as logrotate. */
export type RotationOwner = 'zeoctl' | 'outside';

/** What is remembered of earlier rotations; `at` in Unix milliseconds. */
export type RotationMemory = {readonly owner: RotationOwner; readonly at: number};

/** Somebody who rotates at all does so at least once a month. In milliseconds. */
const forgetAfter = 32 * 86_400_000;

/**
 * Decides who rotates. A conf that asks for it is obeyed. Else whoever has rotated the file by renaming it goes on
 * doing so: two shifts of the same numbers would remove what the other one keeps. Without any memory, old files that
 * lie there already were made by somebody else.
 */
export const decideOwner = ({
	isAsked,
	memory,
	newestOldFile,
	now,
}: {
	readonly isAsked: boolean;
	readonly memory: RotationMemory | undefined;
	/** When the newest old file was last written, undefined without one; Unix milliseconds, as `now`. */
	readonly newestOldFile: number | undefined;
	readonly now: number;
}): RotationOwner => {
	if (isAsked || memory?.owner === 'zeoctl') return 'zeoctl';
	const last = memory?.at ?? newestOldFile;
	return last !== undefined && now - last < forgetAfter ? 'outside' : 'zeoctl';
};

/** When the newest file that a rotation of `file` may have left was written: `NAME.1`, `NAME.2.gz`, `NAME-20261123`. */
export const findNewestOldFile = (file: string): number | undefined => {
	const folder = path.dirname(file);
	const name = path.basename(file);
	const times = readFolder(folder)
		.filter(
			entry => entry.startsWith(name) && /^[.-]\d+(?:\.[a-z]\w*)?$/.test(entry.slice(name.length)),
		)
		.map(entry => fs.lstatSync(path.join(folder, entry), {throwIfNoEntry: false})?.mtimeMs ?? 0);
	return times.length === 0 ? undefined : Math.max(...times);
};

const memoryFile = (stateDirectory: string): string =>
	path.join(stateDirectory, 'transcript-rotation');

/** What an earlier supervisor remembered; undefined when there is nothing, or nothing that can be read. */
export const readMemory = (stateDirectory: string): RotationMemory | undefined => {
	try {
		const memory: unknown = JSON.parse(fs.readFileSync(memoryFile(stateDirectory), 'utf8'));
		return isMemory(memory) ? memory : undefined;
	} catch {
		return undefined;
	}
};

/** Remembers it, durably. A disk that is full forgets. */
export const writeMemory = (stateDirectory: string, memory: RotationMemory): void => {
	try {
		replaceDurably(memoryFile(stateDirectory), JSON.stringify(memory), {mode: 0o600});
	} catch {
		// The next rotation remembers.
	}
};

const isMemory = (value: unknown): value is RotationMemory =>
	typeof value === 'object' &&
	value !== null &&
	'owner' in value &&
	(value.owner === 'zeoctl' || value.owner === 'outside') &&
	'at' in value &&
	typeof value.at === 'number';

const readFolder = (folder: string): readonly string[] => {
	try {
		return fs.readdirSync(folder);
	} catch {
		return [];
	}
};
