import {userInfo} from 'node:os';
import {parseTcpListeners} from '../guard/proc-tables.js';
import {readText} from '../guard/processes.js';
import {parseGroupName} from '../platform/accounts.js';
import type {Machine} from '../scaffold/answer-checks.js';
import type {Answers} from '../scaffold/answers.js';

/** What the answers for an instance are checked against, on this machine. */
export const readMachine = (
	folder: string,
	releases: Machine['releases'],
	own: Partial<Answers>,
): Machine => {
	const {uid, gid, username, homedir} = userInfo();
	const ownPorts = new Set([own.zeo_server_port, own.zeo_monitor_port].map(Number));
	const taken = new Set(
		['/proc/net/tcp', '/proc/net/tcp6'].flatMap(table =>
			parseTcpListeners(readText(table) ?? '').map(({port}) => port),
		),
	);
	return {
		folder,
		home: homedir,
		user: {
			uid,
			name: username,
			group: parseGroupName(readText('/etc/group') ?? '', gid) ?? username,
		},
		releases,
		isPortTaken: port => taken.has(port) && !ownPorts.has(port),
	};
};
