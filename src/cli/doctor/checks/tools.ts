import {isInstalled} from '../../is-installed.js';
import type {Check} from '../check.js';
import {error, type Finding, orFine, warning} from '../finding.js';
import type {Subject} from '../subject.js';

/** Programs that parts of zeoctl call, with what they are for and where they come from. */
const programs: readonly (readonly [name: string, use: string, from: string])[] = [
	['flock', 'the lock that keeps a second server away', 'util-linux'],
	['fallocate', 'rotation of a transcript without loss', 'util-linux'],
	['setpriv', 'noticing the end of a program that was taken over', 'util-linux'],
	['gzip', 'compressing old transcripts', 'gzip'],
	['dd', 'rotation of a transcript, and trying whether a program can write it', 'coreutils'],
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
	run: ({asRoot}) => judgeTools(isInstalled, asRoot),
};

/** What does not work for want of a program. */
export const judgeTools = (
	isThere: (name: string) => boolean,
	asRoot: Subject['asRoot'],
): readonly Finding[] =>
	orFine(
		programs
			.filter(([name]) => !isThere(name) && !(name === 'perl' && isThere('python3')))
			.map(([name, use, from]) =>
				(name === 'flock' ? error : warning)(`${name} is missing: ${use}`, {
					command: asRoot('apt-get', 'install', from),
				}),
			),
		programs
			.map(([name]) => name)
			.filter(isThere)
			.join(', '),
	);
