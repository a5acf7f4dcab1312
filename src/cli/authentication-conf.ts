import {nodeFileSystem} from '../settings/file-system.js';
import {readTree} from '../settings/read-configuration.js';
import {splitWords} from '../zconfig/python-text.js';
import type {KeyNode, SectionNode, Tree} from '../zconfig/tree.js';
import type {Context} from './command.js';

/** What a conf says about the passwords of a ZEO 4; a reader of today would refuse its keys. */
export type AuthenticationConf = {
	readonly file: string | undefined;
	readonly realm: string | undefined;
	/** First word of the command that runs the server. */
	readonly program: string | undefined;
};

/** Reads that from the conf of the command line; nothing where none is given. */
export const readAuthenticationConf = ({commandLine, system}: Context): AuthenticationConf => {
	const {configFile} = commandLine.overrides;
	if (configFile === undefined) return {file: undefined, realm: undefined, program: undefined};
	const {environment, cwd} = system;
	const tree = readTree(configFile, {environment, cwd, fileSystem: nodeFileSystem});
	const command = findValue(tree, 'runner', 'program');
	return {
		file: findValue(tree, 'zeo', 'authentication-database'),
		realm: findValue(tree, 'zeo', 'authentication-realm'),
		program: command === undefined ? undefined : splitWords(command)[0],
	};
};

const findValue = ({items}: Tree, section: string, key: string): string | undefined =>
	items
		.filter((item): item is SectionNode => item.kind === 'section' && item.type === section)
		.flatMap(({items: inner}) => inner)
		.find((item): item is KeyNode => item.kind === 'key' && item.key.toLowerCase() === key)?.value;
