import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {holdsWord} from '../platform/quoted-word.js';

/** Where systemd looks for units that somebody has installed. */
export type UnitPlaces = {
	/** It is there while systemd manages the system. */
	readonly mark: string;
	readonly folders: readonly string[];
};

const systemPlaces: UnitPlaces = {
	mark: '/run/systemd/system',
	folders: ['/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'],
};

/**
 * Whether a unit is installed that runs something for one of these confs. Where there is none this costs a look at each
 * place, no more.
 */
export const isInstalledFor = (
	unit: string,
	confs: readonly string[],
	{mark, folders}: UnitPlaces = systemPlaces,
): boolean => {
	const file = folders.map(folder => path.join(folder, unit)).find(existsSync);
	return (
		file !== undefined &&
		existsSync(mark) &&
		readLines(file).some(
			line => /^\s*ExecStart\s*=/.test(line) && confs.some(conf => holdsWord(line, conf)),
		)
	);
};

const readLines = (file: string): readonly string[] => {
	try {
		return readFileSync(file, 'utf8').split('\n');
	} catch {
		return [];
	}
};
