import {pathOfUrl} from '../settings/explain.js';
import {nodeFileSystem} from '../settings/file-system.js';
import {readTree} from '../settings/read-configuration.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import type {System} from './system.js';

/** The confs of supervisor and server with all that they include, the server's certificates, the mail's password. */
export const filesToRead = (
	{configFile, mail}: Settings,
	server: ServerSettings | undefined,
	{environment, cwd}: Pick<System, 'environment' | 'cwd'>,
): readonly string[] => {
	const confs = [configFile, server?.confPath].flatMap(conf =>
		conf === undefined
			? []
			: readTree(conf, {environment, cwd, fileSystem: nodeFileSystem}).sources.map(pathOfUrl),
	);
	const {certificate, key, authenticate} = server?.zeo.tls ?? {};
	const others = [certificate, key, authenticate, mail?.passwordFile];
	return [...new Set([...confs, ...others.flatMap(file => file ?? [])])].filter(file =>
		file.startsWith('/'),
	);
};
