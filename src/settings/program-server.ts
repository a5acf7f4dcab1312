import path from 'node:path';
import {nodeFileSystem} from './file-system.js';
import {isRemovedKey} from './removed-keys.js';
import {resolveServer, type ServerOptions} from './server.js';
import {findServerCommand} from './server-command.js';
import type {ServerSettings, Settings} from './settings.js';

/**
 * The server that the program is, or that it is a server whose conf cannot be used. Undefined for any other program,
 * also where the file has a `<zeo>` section: only a program that is known to be a server is expected to answer like
 * one, unless a `<health>` section says that this one does.
 */
export const findProgramServer = (
	settings: Settings,
	options: ServerOptions,
): ServerSettings | 'unreadable' | undefined => {
	const {program, daemon, directory} = settings.runner;
	const {environment, cwd, fileSystem = nodeFileSystem} = options;
	const command = findServerCommand(program, {
		environment: {...environment, ...settings.environment},
		directory: daemon && directory !== undefined ? path.resolve(cwd, directory) : cwd,
		fileSystem,
	});
	if (command === undefined && settings.health === undefined) return undefined;
	const {server, problems} = resolveServer(settings, options);
	if (command === undefined) return server;
	const isReadable = server !== undefined && problems.every(isRemovedKey);
	return isReadable ? server : 'unreadable';
};
