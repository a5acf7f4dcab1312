import type {Check} from '../check.js';
import {error, orFine, warning} from '../finding.js';
import {isCommand} from '../is-command.js';

/** Programs that parts of zeoctl call, with what they are for and where they come from. */
const programs: readonly (readonly [name: string, use: string, from: string])[] = [
	['flock', 'the lock that keeps a second server away', 'util-linux'],
	['fallocate', 'rotation of a transcript without loss', 'util-linux'],
	['setpriv', 'noticing the end of a program that was taken over', 'util-linux'],
	['gzip', 'compressing old transcripts', 'gzip'],
	['mkfifo', 'transcripts with mode pump', 'coreutils'],
	['getent', 'users that are not in /etc/passwd', 'libc-bin'],
	['openssl', 'making certificates', 'openssl'],
	['perl', 'telling systemd how the service is; python3 does it, too', 'perl-base'],
];

/** Whether what zeoctl calls is installed. */
export const tools: Check = {
	group: 'versions',
	name: 'tools',
	about: 'the programs that zeoctl calls are installed',
	run({asRoot}) {
		const missing = programs.filter(
			([name]) => !isInstalled(name) && !(name === 'perl' && isInstalled('python3')),
		);
		return orFine(
			missing.map(([name, use, from]) =>
				(name === 'flock' ? error : warning)(`${name} is missing: ${use}`, {
					command: asRoot('apt-get', 'install', from),
				}),
			),
			programs.map(([name]) => name).join(', '),
		);
	},
};

const isInstalled = (name: string): boolean =>
	toolFolders.some(folder => isCommand(`${folder}/${name}`));

const toolFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
