import test from 'ava';
import {
	inetAddress,
	portAddress,
	socketAddress,
	socketConnectionAddress,
} from '../../src/schema/addresses.js';
import {surroundings} from '../helpers/surroundings.js';

const here = surroundings();

for (const [text, expected] of [
	['8100', {family: 'inet', host: '', port: 8100}],
	[':8100', {family: 'inet', host: '', port: 8100}],
	['LocalHost:8100', {family: 'inet', host: 'localhost', port: 8100}],
	['localhost', {family: 'inet', host: 'localhost', port: null}],
	['localhost:', {family: 'inet', host: 'localhost', port: null}],
	['65536', {family: 'inet', host: '65536', port: null}],
	['*:80', {family: 'inet', host: '*', port: 80}],
	['[::1]:80', {family: 'inet6', host: '::1', port: 80}],
	['[fe80::1]:', {family: 'inet6', host: 'fe80::1', port: null}],
	['::1', {family: 'inet6', host: '::1', port: null}],
	['FE80::1', {family: 'inet6', host: 'fe80::1', port: null}],
	['[::1]', {family: 'inet6', host: '[::1]', port: null}],
	['/run/zeo.sock', {family: 'unix', path: '/run/zeo.sock'}],
	['./Sock', {family: 'unix', path: './Sock'}],
] as const) {
	test(`${text} is read as an address`, t => {
		t.deepEqual(socketAddress(text, here), expected);
	});
}

for (const [text, message] of [
	['a b', "not a valid host name: 'a b'"],
	['', "not a valid host name: ''"],
	['host:abc', "invalid literal for int() with base 10: 'abc'"],
	['host:-1', '-1 is below lower bound (0)'],
	['host:99999', '99999 is above upper bound (65535)'],
	['[::1]:x', "invalid literal for int() with base 10: 'x'"],
] as const) {
	test(`${JSON.stringify(text)} is refused as an address`, t => {
		t.throws(() => socketAddress(text, here), {message});
	});
}

test('the default host of a connection is this machine', t => {
	t.deepEqual(socketConnectionAddress('8100', here), {
		family: 'inet',
		host: '127.0.0.1',
		port: 8100,
	});
	t.deepEqual(inetAddress('25', here), {host: '', port: 25});
});

test('a port to listen at is open to this machine alone, unless a host is given', t => {
	t.deepEqual(portAddress('8101', here), {host: '127.0.0.1', port: 8101});
	t.deepEqual(portAddress('[::]:8101', here), {host: '::', port: 8101});
});

for (const text of ['localhost', '0', '/run/monitor.sock', '::1']) {
	test(`${text} is refused as a port to listen at`, t => {
		t.throws(() => portAddress(text, here), {message: `not a port, nor host and port: '${text}'`});
	});
}
