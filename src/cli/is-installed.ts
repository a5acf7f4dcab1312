import {isCommand} from './is-command.js';

/** Whether a program is where services of the system look for one. */
export const isInstalled = (name: string): boolean =>
	toolFolders.some(folder => isCommand(`${folder}/${name}`));

const toolFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
