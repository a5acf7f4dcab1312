import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {holdsWord} from '../platform/quoted-word.js';

/** Where systemd looks for units that somebody has installed. */
export type UnitPlaces = {
	readonly folders: readonly string[];
	/** Where there are the units that systemd makes of init scripts, and those scripts. */
	readonly generated: string;
	readonly scripts: string;
};

const systemPlaces: UnitPlaces = {
	folders: ['/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'],
	generated: '/run/systemd/generator.late',
	scripts: '/etc/init.d',
};

/**
 * Whether a unit is installed that runs something for one of these confs; that may be one that systemd has made of an
 * init script. Where there is none this costs a look at each place, no more.
 */
export const isInstalledFor = (
	unit: string,
	confs: readonly string[],
	places: UnitPlaces = systemPlaces,
): boolean => {
	const file = places.folders.map(folder => path.join(folder, unit)).find(existsSync);
	if (file === undefined) return isScriptFor(unit, confs, places);
	return readLines(file).some(line => /^\s*ExecStart\s*=/.test(line) && namesOne(line, confs));
};

/** Of a script that names no pid file systemd does not know when it is over: one more start would do nothing. */
const isScriptFor = (
	unit: string,
	confs: readonly string[],
	{generated, scripts}: UnitPlaces,
): boolean => {
	if (!existsSync(path.join(generated, unit))) return false;
	const lines = readLines(path.join(scripts, path.basename(unit, '.service')));
	return (
		lines.some(line => line.startsWith('# pidfile: /')) &&
		lines.some(line => line.startsWith('conf=') && namesOne(line, confs))
	);
};

const namesOne = (line: string, confs: readonly string[]): boolean =>
	confs.some(conf => holdsWord(line, conf));

const readLines = (file: string): readonly string[] => {
	try {
		return readFileSync(file, 'utf8').split('\n');
	} catch {
		return [];
	}
};
