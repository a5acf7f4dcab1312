import {lstatSync} from 'node:fs';
import path from 'node:path';
import type {ServiceFacts} from '../generate/service-facts.js';
import {realFile} from '../platform/real-file.js';

/** What a service runs of a zeoctl. */
export type OwnPrograms = Pick<ServiceFacts, 'node' | 'script' | 'launcher'>;

/** The programs of this very zeoctl, by the script that was called. */
export const findOwnPrograms = (called: string): OwnPrograms => ({
	node: process.execPath,
	script: realFile(called),
	launcher: path.join(templatesFolder(called), 'notify-launcher'),
});

/** The folder `units` beside the script that was called. */
export const templatesFolder = (called: string): string =>
	path.resolve(path.dirname(realFile(called)), '../units');

/** The folders by which somebody but root could exchange what a service runs. */
export const findOpenFolders = ({node, script, launcher}: OwnPrograms): readonly string[] =>
	[...new Set([node, script, launcher].flatMap(foldersAbove))].filter(mayOthersWrite);

const foldersAbove = (file: string): readonly string[] => {
	const folder = path.dirname(file);
	return folder === file ? [] : [folder, ...foldersAbove(folder)];
};

/** Whether somebody but root could exchange what is in a folder. */
export const mayOthersWrite = (folder: string): boolean => {
	const {uid, mode, gid} = lstatSync(folder);
	return uid !== 0 || (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0);
};
