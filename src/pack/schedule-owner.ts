import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {holdsWord} from '../platform/quoted-word.js';

/** Who starts the packs of an instance when they fall due. */
export type ScheduleOwner =
	| {readonly owner: 'systemd' | 'cron' /** What shows it. */; readonly file: string}
	| {readonly owner: 'supervisor'};

/** Where the files of other owners are. */
export type OwnerPlaces = {
	/** It is there while systemd manages the system. */
	readonly systemdMark: string;
	readonly units: readonly string[];
	readonly cron: string;
};

const systemPlaces: OwnerPlaces = {
	systemdMark: '/run/systemd/system',
	units: [
		'/etc/systemd/system',
		'/run/systemd/system',
		'/usr/local/lib/systemd/system',
		'/usr/lib/systemd/system',
		'/lib/systemd/system',
	],
	cron: '/etc/cron.d',
};

/**
 * The owner of the schedule: an enabled timer `pack-zeo-NAME.timer` whose service names this conf, else a file of
 * cron that does, else the supervisor. A timer that is installed but not enabled would never fire.
 */
export const findScheduleOwner = (
	configFile: string | undefined,
	places: OwnerPlaces = systemPlaces,
): ScheduleOwner => {
	if (configFile === undefined) return {owner: 'supervisor'};
	const timer = findTimer(configFile, places);
	if (timer !== undefined) return {owner: 'systemd', file: timer};
	const table = findTable(configFile, places.cron);
	return table === undefined ? {owner: 'supervisor'} : {owner: 'cron', file: table};
};

const findTimer = (configFile: string, {systemdMark, units}: OwnerPlaces): string | undefined => {
	if (!existsSync(systemdMark)) return undefined;
	const enabled = units.flatMap(folder => list(path.join(folder, 'timers.target.wants')));
	return enabled.find(timer => {
		const name = /^(pack-zeo-.+)\.timer$/.exec(path.basename(timer))?.[1];
		const services = units.map(folder => path.join(folder, `${name}.service`));
		return name !== undefined && services.some(service => names(service, configFile));
	});
};

const findTable = (configFile: string, folder: string): string | undefined =>
	// cron reads no file with a dot in its name.
	list(folder).find(
		file => !path.basename(file).includes('.') && names(file, configFile, '--scheduled'),
	);

/** Whether a line of a file, unless it is a comment, has all these words. */
const names = (file: string, ...words: readonly string[]): boolean =>
	readText(file)
		.split('\n')
		.filter(line => !/^\s*[#;]/.test(line))
		.some(line => words.every(word => holdsWord(line, word)));

const list = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder).map(name => path.join(folder, name));
	} catch {
		return [];
	}
};

const readText = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};
