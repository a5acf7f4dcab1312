import {readdirSync, readFileSync, type Stats, statSync} from 'node:fs';

/** What stands at a path, links followed; undefined where nothing does, or it cannot be seen. */
export const statIfSeen = (file: string): Stats | undefined => attempt(() => statSync(file));

/** The text of a file; empty where there is none, or it may not be read. */
export const readIfSeen = (file: string): string => attempt(() => readFileSync(file, 'utf8')) ?? '';

/** The names in a folder; none where there is none, or it may not be read. */
export const listIfSeen = (folder: string): readonly string[] =>
	attempt(() => readdirSync(folder)) ?? [];

const attempt = <Value>(look: () => Value): Value | undefined => {
	try {
		return look();
	} catch {
		return undefined;
	}
};
