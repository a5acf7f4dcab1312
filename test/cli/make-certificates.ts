import {execFileSync} from 'node:child_process';
import {X509Certificate} from 'node:crypto';
import {copyFileSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type CertificateOrder, makeCertificates} from '../../src/cli/make-certificates.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const day = 86_400_000;

const orderIn = (t: ExecutionContext, more: Partial<CertificateOrder> = {}): CertificateOrder => ({
	folder: path.join(temporaryFolder(t), 'tls'),
	hosts: ['zeo.example.org', '127.0.0.1', '::1'],
	clients: ['client'],
	days: 100,
	renews: false,
	environment: process.env,
	now: Date.now(),
	...more,
});

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8');
const certificate = (folder: string, file: string) => new X509Certificate(read(folder, file));

/** As strictly as Python does it. Throws where the file is not trusted. */
const verify = (authority: string, file: string, purpose: string) =>
	execFileSync(
		'openssl',
		['verify', '-x509_strict', '-purpose', purpose, '-CAfile', authority, file],
		{stdio: 'pipe'},
	);

test('server and clients are trusted by strict checking, for what they are', async t => {
	const order = orderIn(t);
	const {server, clients, authority} = await makeCertificates(order);
	t.notThrows(() => verify(authority.certificate, server.certificate, 'sslserver'));
	t.notThrows(() => verify(authority.certificate, server.certificate, 'sslclient'));
	for (const client of clients) {
		t.notThrows(() => verify(authority.certificate, client.certificate, 'sslclient'));
		t.throws(() => verify(authority.certificate, client.certificate, 'sslserver'));
	}
	const shown = certificate(order.folder, 'server.pem');
	t.is(shown.checkHost('zeo.example.org'), 'zeo.example.org');
	t.is(shown.checkIP('::1'), '::1');
	const expected = order.now + 100 * day;
	t.true(Math.abs(server.expiresAt * 1000 - expected) < day);
});

test('keys are for their owner alone, and nothing else is left behind', async t => {
	const order = orderIn(t);
	await makeCertificates(order);
	const names = readdirSync(order.folder).sort();
	t.deepEqual(names, ['ca.key', 'ca.pem', 'client.key', 'client.pem', 'server.key', 'server.pem']);
	for (const name of names.filter(name => name.endsWith('.key')))
		t.is(statSync(path.join(order.folder, name)).mode & 0o777, 0o600);
	t.is(statSync(order.folder).mode & 0o777, 0o700);
});

test('what is there is kept, and a client can be added', async t => {
	const order = orderIn(t);
	await makeCertificates(order);
	const before = read(order.folder, 'server.pem');
	const again = await makeCertificates({...order, clients: ['web.1']});
	t.deepEqual([again.authority.isNew, again.server.isNew], [false, false]);
	t.true(again.clients[0]?.isNew);
	t.is(read(order.folder, 'server.pem'), before);
	t.notThrows(() =>
		verify(again.authority.certificate, again.clients[0]?.certificate ?? '', 'sslclient'),
	);
});

test('a key that does not fit its certificate, as after a crash, is made anew with it', async t => {
	const order = orderIn(t);
	await makeCertificates(order);
	copyFileSync(path.join(order.folder, 'server.key'), path.join(order.folder, 'client.key'));
	const {server, clients} = await makeCertificates(order);
	t.deepEqual([server.isNew, clients[0]?.isNew], [false, true]);
});

test('a server that gets a name keeps those that it had', async t => {
	const order = orderIn(t);
	await makeCertificates(order);
	const {server} = await makeCertificates({...order, hosts: ['other.example.org']});
	t.true(server.isNew);
	const names = certificate(order.folder, 'server.pem').subjectAltName ?? '';
	t.is(
		names,
		'DNS:other.example.org, DNS:zeo.example.org, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
	);
});

test('a renewal needs nothing of the clients', async t => {
	const order = orderIn(t);
	const first = await makeCertificates(order);
	const old = ['ca.pem', 'client.pem', 'server.pem'].map(name => {
		const copy = path.join(path.dirname(order.folder), name);
		copyFileSync(path.join(order.folder, name), copy);
		return copy;
	});
	const [oldAuthority = '', oldClient = '', oldServer = ''] = old;
	// The authority would end before what it signs: it is renewed as well.
	const second = await makeCertificates({...order, days: 4000, renews: true});
	t.deepEqual([second.authority.isNew, second.server.isNew], [true, true]);
	t.is(read(order.folder, 'ca.pem').match(/BEGIN CERTIFICATE/g)?.length, 2);
	t.notThrows(() => verify(oldAuthority, first.server.certificate, 'sslserver'));
	t.notThrows(() => verify(second.authority.certificate, oldClient, 'sslclient'));
	t.notThrows(() => verify(second.authority.certificate, oldServer, 'sslserver'));
	t.not(read(order.folder, 'server.pem'), readFileSync(oldServer, 'utf8'));
});

test('without openssl nothing is made', async t => {
	const order = orderIn(t, {environment: {PATH: '/nowhere'}});
	await t.throwsAsync(makeCertificates(order), {
		message: 'cannot make certificates: there is no command openssl',
	});
	t.deepEqual(readdirSync(order.folder), []);
});
