import dgram from 'node:dgram';
import {once} from 'node:events';
import net from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {LogHandler, NetworkAddress} from '../../src/settings/settings.js';
import {logFile, openedLog} from '../helpers/event-log.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const syslog = (address: NetworkAddress, facility = 'user'): LogHandler => {
	const {level, dateFormat, style, arbitraryFields} = logFile('');
	const format = '%(name)s %(message)s';
	return {
		type: 'syslog',
		facility,
		address,
		level,
		format,
		dateFormat,
		style,
		arbitraryFields,
	};
};

/** A syslog server on UDP that keeps what it gets. */
const udpServer = async (t: ExecutionContext) => {
	const socket = dgram.createSocket('udp4');
	t.teardown(() => socket.close());
	socket.bind(0, '127.0.0.1');
	await once(socket, 'listening');
	const received: string[] = [];
	socket.on('message', bytes => received.push(bytes.toString()));
	return {port: socket.address().port, received, next: () => once(socket, 'message')};
};

/** A syslog server on a stream socket that keeps the lines it gets. */
const streamServer = async (t: ExecutionContext) => {
	const socketPath = path.join(temporaryFolder(t), 'syslog');
	let received = '';
	const server = net.createServer(connection => {
		connection.on('data', bytes => {
			received += bytes.toString();
			server.emit('received');
		});
		connection.on('end', () => server.emit('ended'));
	});
	server.listen(socketPath);
	await once(server, 'listening');
	t.teardown(() => server.close());
	return {
		socketPath,
		/** The texts without what logger puts between priority and text (time, tag). */
		async texts(count: number): Promise<string[]> {
			for (;;) {
				const found = [...received.matchAll(/<(\d+)>.*? zeoctl: (root [^\n\0<]*|[^\n\0<]*)/g)];
				if (found.length >= count) return found.map(match => `${match[1]} ${match[2]}`);
				await once(server, 'received');
			}
		},
		ended: () => once(server, 'ended'),
	};
};

test('a host gets datagrams with facility and severity, as from Python', async t => {
	const {port, received, next} = await udpServer(t);
	const address = {family: 'inet', host: 'localhost', port} as const;
	const log = await openedLog(t, {level: 0, handlers: [syslog(address, 'local3')]});
	for (const level of ['debug', 'info', 'warning', 'error', 'critical'] as const) {
		const arrived = next();
		log[level]('two\nlines');
		await arrived;
	}
	t.deepEqual(
		received,
		[159, 158, 156, 155, 154].map(priority => `<${priority}>root two\nlines\0`),
	);
});

test('records that are written at once arrive in order, also those before a close', async t => {
	const {port, received, next} = await udpServer(t);
	const address = {family: 'inet', host: '127.0.0.1', port} as const;
	const log = await openedLog(t, {level: 0, handlers: [syslog(address)]});
	const first = next();
	log.info('one');
	log.info('two');
	log.info('three');
	log.close();
	await first;
	while (received.length < 3) await next();
	t.deepEqual(
		received,
		['one', 'two', 'three'].map(text => `<14>root ${text}\0`),
	);
});

test('a host that nobody knows, or a record too large for a datagram, is no reason to fail', async t => {
	const unknown = {family: 'inet', host: 'no-such-host.invalid', port: null} as const;
	const {port, received, next} = await udpServer(t);
	const known = {family: 'inet', host: '127.0.0.1', port} as const;
	const log = await openedLog(t, {level: 0, handlers: [syslog(unknown), syslog(known)]});
	log.info('x'.repeat(70_000));
	const arrived = next();
	log.info('fits');
	await arrived;
	t.is(received.at(0), '<14>root fits\0');
	// The failure is known by now: it is noticed with the next record, and told with the one after.
	log.info('notices');
	log.info('tells');
	while (received.length < 4) await next();
	t.regex(received.join(''), /notices\0<12>root 1 record was lost here: .*\0<14>root tells\0$/s);
});

test('a local socket gets the records through one logger, line by line', async t => {
	const server = await streamServer(t);
	const address = {family: 'unix', path: server.socketPath} as const;
	const log = await openedLog(t, {level: 0, handlers: [syslog(address, 'daemon')]});
	log.info('one');
	log.error('two\nthree');
	t.deepEqual(await server.texts(3), ['30 root one', '27 root two', '27 three']);
	const ended = server.ended();
	log.close();
	await ended;
});

test('a local socket that nobody serves costs records, nothing else', async t => {
	const missing = {family: 'unix', path: path.join(temporaryFolder(t), 'missing')} as const;
	const log = await openedLog(t, {level: 0, handlers: [syslog(missing), logFile('STDOUT')]});
	log.info('one');
	await new Promise(resolve => setTimeout(resolve, 100));
	t.notThrows(() => log.info('two'));
	t.is(log.printed.stdout, 'INFO one\nINFO two\n');
	t.deepEqual(log.reopen(), []);
});
