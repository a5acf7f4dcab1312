import path from 'node:path';
import {holdsWord} from '../../platform/quoted-word.js';
import type {ServerSettings} from '../../settings/settings.js';
import {listIfSeen, readIfSeen, statIfSeen} from './seen-files.js';

/** A line of cron, or of a script that cron runs, that packs the instance. */
export type PackLine = {
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	readonly text: string;
	/** It calls `zeoctl pack --scheduled`, which packs only what is due. */
	readonly isOurs: boolean;
};

/** What tells an instance from others in a command line. */
export type PackAim = {
	readonly conf: string | undefined;
	readonly server: ServerSettings | undefined;
};

const folders = ['cron.d', 'cron.hourly', 'cron.daily', 'cron.weekly', 'cron.monthly'];

/** Every line that packs the instance, in what cron reads of the whole machine, as far as it can be seen. */
export const findPackLines = (etc: string, aim: PackAim): readonly PackLine[] =>
	[path.join(etc, 'crontab'), ...folders.flatMap(folder => list(path.join(etc, folder)))].flatMap(
		file => packLinesIn(file, readTable(file), aim),
	);

/** Those in one file. */
export const packLinesIn = (file: string, text: string, aim: PackAim): readonly PackLine[] =>
	text.split('\n').flatMap((line, index) => {
		const words = line.replaceAll('\\%', '%').split(/[\s"'=;()]+/);
		const isPack =
			words.some(word => path.basename(word) === 'zeopack') ||
			(words.some(word => /^zeoctl(?:\.cjs)?$/.test(path.basename(word))) &&
				words.includes('pack'));
		if (/^\s*#/.test(line) || !isPack || !isAbout(line, words, aim)) return [];
		return [{file, line: index + 1, text: line.trim(), isOurs: words.includes('--scheduled')}];
	});

/** It names the conf, the address of the server, or the `zeopack` in the folder of the instance. */
const isAbout = (line: string, words: readonly string[], {conf, server}: PackAim): boolean => {
	if (conf !== undefined && holdsWord(line, conf)) return true;
	const address = server?.zeo.address;
	const home = conf === undefined ? undefined : homeOf(conf);
	return words.some(word => {
		if (home !== undefined && path.basename(word) === 'zeopack' && word.startsWith(`${home}/`))
			return true;
		if (address === undefined) return false;
		if (address.family === 'unix') return word === address.path;
		const port = String(address.port ?? '');
		return port !== '' && (word === port || word.endsWith(`:${port}`));
	});
};

/** The folder of an instance; undefined where others may share it. */
const homeOf = (conf: string): string | undefined => {
	const folder = path.dirname(conf).replace(/\/etc$/, '');
	return /^\/?(?:[^/]*|usr\/local|var\/lib)$/.test(folder) ? undefined : folder;
};

/** cron reads no file with a dot in its name. */
const list = (folder: string): readonly string[] =>
	listIfSeen(folder)
		.filter(name => !name.includes('.'))
		.map(name => path.join(folder, name));

/** No table is larger. In bytes. */
const mostBytes = 1_000_000;

const readTable = (file: string): string =>
	(statIfSeen(file)?.size ?? 0) > mostBytes ? '' : readIfSeen(file);
