import {isIPv6} from 'node:net';
import {endianness} from 'node:os';

/** A listening TCP socket of this network namespace. */
export type TcpListener = {
	/** In the canonical form of `canonicalHost`. */
	readonly host: string;
	readonly port: number;
	readonly uid: number;
	readonly inode: number;
};

/** A listening Unix socket, under the path that it was bound to. */
export type UnixListener = {readonly path: string; readonly inode: number};

/** A held lock of `/proc/locks`; the pid is the one that took it, which may be gone. */
export type HeldLock = {
	readonly pid: number;
	readonly major: number;
	readonly minor: number;
	/** Beyond 53 bits on overlayfs. */
	readonly inode: bigint;
};

/** An address in the one form in which two of them can be compared; IPv4 in IPv6 is IPv4. */
export const canonicalHost = (host: string): string => {
	const bare = host.replace(/%.*$/, '');
	if (!isIPv6(bare)) {
		return bare;
	}

	const short = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
	const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(short);
	return mapped === null ? short : renderIPv4(mapped.slice(1).map(group => parseInt(group, 16)));
};

const renderIPv4 = (halves: readonly number[]): string =>
	halves.flatMap(half => [half >> 8, half & 0xff]).join('.');

/** The listeners in the text of `/proc/net/tcp` or `/proc/net/tcp6` (proc_net(5)). */
export const parseTcpListeners = (text: string): readonly TcpListener[] =>
	text.split('\n').flatMap(line => {
		const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/);
		const [address = '', port = ''] = local.split(':');
		return state === '0A' && /^(?:[\dA-F]{8}){1,4}$/.test(address)
			? [
					{
						host: parseHost(address),
						port: parseInt(port, 16),
						uid: Number(uid),
						inode: Number(inode),
					},
				]
			: [];
	});

/** The kernel prints addresses as 32-bit words in its own byte order. */
const parseHost = (hex: string): string => {
	const bytes = Buffer.from(hex, 'hex');
	if (endianness() === 'LE') {
		bytes.swap32();
	}

	return bytes.length === 4
		? bytes.join('.')
		: canonicalHost(
				Array.from({length: 8}, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(':'),
			);
};

/** `SO_ACCEPTCON`: the socket listens. */
const acceptsConnections = 0x1_00_00;

/** The listeners in the text of `/proc/net/unix`. */
export const parseUnixListeners = (text: string): readonly UnixListener[] =>
	text.split('\n').flatMap(line => {
		const found = /^\w+: \w+ \w+ (\w+) \w+ \w+ +(\d+) (.+)$/.exec(line);
		const [, flags = '', inode, path = ''] = found ?? [];
		return (parseInt(flags, 16) & acceptsConnections) === 0 ? [] : [{path, inode: Number(inode)}];
	});

/** The locks that are held (not waited for) in the text of `/proc/locks`. */
export const parseLocks = (text: string): readonly HeldLock[] =>
	text.split('\n').flatMap(line => {
		const found = /^\d+: \w+ +\w+ +\w+ +(-?\d+) ([\da-f]+):([\da-f]+):(\d+) /.exec(line);
		if (found === null) {
			return [];
		}

		const [, pid, major = '', minor = '', inode = '0'] = found;
		return [
			{
				pid: Number(pid),
				major: parseInt(major, 16),
				minor: parseInt(minor, 16),
				inode: BigInt(inode),
			},
		];
	});
