import path from 'node:path';
import {splitProgram} from '../schema/program-words.js';
import {nodeFileSystem} from '../settings/file-system.js';
import {type ReadingPlace, readTree} from '../settings/read-configuration.js';
import {findServerCommand} from '../settings/server-command.js';
import type {KeyNode, SectionNode, Tree} from '../zconfig/tree.js';
import type {Context} from './command.js';

/** What a conf says about the passwords of a ZEO 4; a reader of today would refuse its keys. */
export type AuthenticationConf = {
	readonly file: string | undefined;
	readonly realm: string | undefined;
	/** First word of the command that runs the server. */
	readonly program: string | undefined;
};

/** Reads that from the conf of the command line, or of the server that it runs; nothing where none is given. */
export const readAuthenticationConf = ({commandLine, system}: Context): AuthenticationConf => {
	const {configFile} = commandLine.overrides;
	if (configFile === undefined) return {file: undefined, realm: undefined, program: undefined};
	const {environment, cwd} = system;
	const place = {environment, cwd, fileSystem: nodeFileSystem};
	const own = readTree(configFile, place);
	const words = splitProgram(findValue(own, 'runner', 'program') ?? '');
	const conf = serverConf(words, findValue(own, 'runner', 'directory') ?? cwd, place);
	const trees = conf === undefined ? [own] : [own, readTree(conf, place)];
	const find = (key: string): string | undefined =>
		trees.map(tree => findValue(tree, 'zeo', key)).find(value => value !== undefined);
	return {
		file: find('authentication-database'),
		realm: find('authentication-realm'),
		program: words[0],
	};
};

const serverConf = (
	words: readonly string[],
	directory: string,
	place: ReadingPlace,
): string | undefined => {
	const conf = findServerCommand(words, {...place, directory})?.configure;
	return conf === undefined ? undefined : path.resolve(directory, conf);
};

const findValue = ({items}: Tree, section: string, key: string): string | undefined =>
	items
		.filter((item): item is SectionNode => item.kind === 'section' && item.type === section)
		.flatMap(({items: inner}) => inner)
		.find((item): item is KeyNode => item.kind === 'key' && item.key.toLowerCase() === key)?.value;
