import test from 'ava';
import {
	canonicalHost,
	parseLocks,
	parseTcpListeners,
	parseUnixListeners,
} from '../../src/guard/proc-tables.js';

test('listeners are read from /proc/net/tcp, connections are not', t => {
	const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:46B4 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 100 0 0 10 0
   1: 0100007F:46B4 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 123457 1 0000000000000000 20 4 30 10 -1
`;
	t.deepEqual(parseTcpListeners(text), [
		{host: '127.0.0.1', port: 18_100, uid: 1000, inode: 123_456},
	]);
});

test('IPv6 listeners are read in the form people write', t => {
	const line = (address: string) =>
		`   0: ${address}:1FA4 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 1 0 100 0 0 10 0`;
	const hosts = [
		'00000000000000000000000000000000',
		'00000000000000000000000001000000',
		'0000000000000000FFFF00000100007F',
		'B80D01200000000067452301EFCDAB89',
	].map(address => parseTcpListeners(line(address))[0]?.host);
	t.deepEqual(hosts, ['::', '::1', '127.0.0.1', '2001:db8::123:4567:89ab:cdef']);
});

for (const [host, canonical] of [
	['0:0:0:0:0:0:0:1', '::1'],
	['::FFFF:10.0.0.1', '10.0.0.1'],
	['fe80::1%eth0', 'fe80::1'],
	['10.0.0.1', '10.0.0.1'],
] as const) {
	test(`${host} is compared as ${canonical}`, t => {
		t.is(canonicalHost(host), canonical);
	});
}

test('listening Unix sockets are read with blanks in their paths', t => {
	const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 4711 /run/zeo server.sock
0000000000000000: 00000003 00000000 00000000 0001 03 4712 /run/zeo server.sock
0000000000000000: 00000002 00000000 00000000 0002 01 4713 /run/systemd/notify
0000000000000000: 00000003 00000000 00000000 0001 03 4714
`;
	t.deepEqual(parseUnixListeners(text), [{path: '/run/zeo server.sock', inode: 4711}]);
});

test('held locks are read, waiting ones are not', t => {
	const text = `1: FLOCK  ADVISORY  WRITE 10899 fe:00:9987267 0 EOF
1: -> FLOCK  ADVISORY  WRITE 10900 fe:00:9987267 0 EOF
2: POSIX  ADVISORY  READ  7 103:02:18446744073709551615 128 128
3: OFDLCK ADVISORY  WRITE -1 08:11:5 0 EOF
4: FLOCK  ADVISORY  WRITE 12 <none>:0 0 EOF
`;
	t.deepEqual(parseLocks(text), [
		{pid: 10_899, major: 254, minor: 0, inode: 9_987_267n},
		{pid: 7, major: 259, minor: 2, inode: 18_446_744_073_709_551_615n},
		{pid: -1, major: 8, minor: 17, inode: 5n},
	]);
});

test('text that is none of these tables gives nothing', t => {
	for (const text of ['', 'nonsense', '1: 2: 3:', '\n\n', ')', '1 (x']) {
		t.deepEqual(parseTcpListeners(text), []);
		t.deepEqual(parseUnixListeners(text), []);
		t.deepEqual(parseLocks(text), []);
	}
});
