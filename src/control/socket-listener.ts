import {readdirSync, readFileSync, readlinkSync, realpathSync} from 'node:fs';
import {basename, dirname} from 'node:path';

/** The process that listens at a control socket. */
export type Listener = {
	readonly pid: number;
	/** As the process calls itself: any text. */
	readonly name: string;
	/** Whether its command is that of a supervisor, ours or zdaemon's. */
	readonly isSupervisor: boolean;
	readonly isStopped: boolean;
};

/**
 * Finds who listens at a control socket, as far as `/proc` shows it to this user. Supervisors bind `NAME.PID` and
 * link it into place, so the kernel knows the socket by that name, seen from a folder's descriptor or not.
 */
export const findListener = (socketPath: string): Listener | undefined => {
	try {
		const folder = realpathSync(dirname(socketPath));
		const sockets = listSockets(socketPath);
		if (sockets.size === 0) return undefined;
		for (const entry of readdirSync('/proc')) {
			if (!/^\d+$/.test(entry)) continue;
			if (hasSocket(entry, sockets, folder)) {
				return describe(entry);
			}
		}
	} catch {}
	return undefined;
};

// Columns of /proc/net/unix: Num RefCount Protocol Flags Type St Inode Path; flag 0x10000 is a listener.
const listSockets = (socketPath: string): ReadonlyMap<string, string> => {
	const sockets = new Map<string, string>();
	const name = basename(socketPath);
	for (const line of readFileSync('/proc/net/unix', 'utf8').split('\n')) {
		const match = /^\S+ \S+ \S+ 00010000 \S+ \S+ +(\d+) (.+)$/.exec(line);
		const [, inode = '', bound = ''] = match ?? [];
		if (basename(bound).replace(/\.\d+$/, '') === name || basename(bound) === name) {
			sockets.set(`socket:[${inode}]`, bound);
		}
	}
	return sockets;
};

const hasSocket = (pid: string, sockets: ReadonlyMap<string, string>, folder: string): boolean => {
	try {
		return readdirSync(`/proc/${pid}/fd`).some(fd => {
			const bound = sockets.get(tryReadlink(`/proc/${pid}/fd/${fd}`) ?? '');
			return bound !== undefined && folderOf(pid, bound) === folder;
		});
	} catch {
		return false;
	}
};

const folderOf = (pid: string, bound: string): string | undefined => {
	const fd = /^\/proc\/self\/fd\/(\d+)\/[^/]+$/.exec(bound)?.[1];
	if (fd !== undefined) return tryReadlink(`/proc/${pid}/fd/${fd}`);
	try {
		return realpathSync(dirname(bound));
	} catch {
		return undefined;
	}
};

const tryReadlink = (path: string): string | undefined => {
	try {
		return readlinkSync(path);
	} catch {
		return undefined;
	}
};

const describe = (pid: string): Listener => {
	const [, name = '', state = ''] =
		/^\d+ \((.*)\) (\S) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
	const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	return {
		pid: Number(pid),
		name,
		isSupervisor: /zeoctl|zdaemon|zdrun/.test(command),
		isStopped: /[Tt]/.test(state),
	};
};
