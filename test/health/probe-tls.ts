import {copyFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {probeServer} from '../../src/health/probe.js';
import {makeCertificate} from '../helpers/certificates.js';
import {makeFolder} from '../helpers/fake-zeo.js';
import {makeInstance, startServer, testWithZeo} from '../helpers/runzeo.js';

const patient = {timeoutMs: 20_000};

const conf = (tls: {certificate: string; key: string | undefined; authenticate: string}) => `<zeo>
  address 127.0.0.1:{port}
  <ssl>
    certificate ${tls.certificate}
    ${tls.key === undefined ? '' : `key ${tls.key}`}
    authenticate ${tls.authenticate}
  </ssl>
</zeo>
<filestorage main>
  path {folder}/Data.fs
</filestorage>
`;

const startTlsServer = async (
	t: ExecutionContext,
	tls: {certificate: string; key: string | undefined; authenticate: string},
) => {
	const instance = await makeInstance(t, {conf: conf(tls), zeo: {tls}});
	return {...instance, ...(await startServer(t, instance))};
};

testWithZeo('a TLS server that trusts its own certificate tells all', async t => {
	const own = makeCertificate(await makeFolder(t), 'server');
	const {server} = await startTlsServer(t, {...own, authenticate: own.certificate});
	const found = await probeServer(server, patient);
	t.is(found.probe, 'ready');
	t.true(found.probe === 'ready' && found.storages?.has('main'));
	t.like(found, {certificate: {isConfigured: true}});
	t.true(found.probe === 'ready' && (found.certificate?.expiresAt ?? 0) > Date.now() / 1000);
	t.false('refusal' in found);
});

testWithZeo('the key may stand in the file of the certificate', async t => {
	const folder = await makeFolder(t);
	const own = makeCertificate(folder, 'server');
	const both = path.join(folder, 'both.pem');
	const {readFileSync} = await import('node:fs');
	writeFileSync(both, readFileSync(own.certificate, 'utf8') + readFileSync(own.key, 'utf8'));
	const tls = {certificate: both, key: undefined, authenticate: own.certificate};
	const {server} = await startTlsServer(t, tls);
	t.like(await probeServer(server, patient), {probe: 'ready', certificate: {isConfigured: true}});
});

testWithZeo(
	'a TLS server that trusts other certificates lives, and the reason is told',
	async t => {
		const folder = await makeFolder(t);
		const own = makeCertificate(folder, 'server');
		const other = makeCertificate(folder, 'client');
		const {server, port} = await startTlsServer(t, {...own, authenticate: other.certificate});
		const found = await probeServer(server, patient);
		t.like(found, {probe: 'ready', storages: undefined, certificate: {isConfigured: true}});
		t.is(
			found.probe === 'ready' && found.refusal,
			`127.0.0.1:${port} refuses the certificate of the probe (closed after the handshake, without a word): 'authenticate ${other.certificate}' does not trust the server's own certificate`,
		);
	},
);

testWithZeo('a key that cannot be read is the reason of a refusal', async t => {
	const folder = await makeFolder(t);
	const own = makeCertificate(folder, 'server');
	const {server} = await startTlsServer(t, {...own, authenticate: own.certificate});
	const key = makeCertificate(folder, 'other', {password: 'secret'}).key;
	const zeo = {...server.zeo, tls: {...own, key, authenticate: own.certificate}};
	const found = await probeServer({...server, zeo}, patient);
	t.is(found.probe, 'ready');
	t.true(found.probe === 'ready' && found.refusal?.includes(`cannot use ${key}: `));
});

testWithZeo('a certificate renewed behind the back of the server is noticed', async t => {
	const folder = await makeFolder(t);
	const own = makeCertificate(folder, 'server');
	const clients = path.join(folder, 'clients.pem');
	copyFileSync(own.certificate, clients);
	const {server} = await startTlsServer(t, {...own, authenticate: clients});
	const renewed = makeCertificate(folder, 'renewed');
	renameSync(renewed.certificate, own.certificate);
	renameSync(renewed.key, own.key);
	const found = await probeServer(server, patient);
	t.like(found, {probe: 'ready', storages: undefined, certificate: {isConfigured: false}});
	t.true(found.probe === 'ready' && found.refusal !== undefined);
});

testWithZeo('a TLS server on a Unix socket is asked, too', async t => {
	const folder = await makeFolder(t);
	const own = makeCertificate(folder, 'server');
	const address = path.join(folder, 'zeo.sock');
	const tls = {...own, authenticate: own.certificate};
	const text = conf(tls).replace('127.0.0.1:{port}', address);
	const zeo = {tls, address: {family: 'unix', path: address} as const};
	const instance = await makeInstance(t, {conf: text, zeo});
	await startServer(t, instance);
	const found = await probeServer(instance.server, patient);
	t.true(found.probe === 'ready' && found.storages?.has('main'));
});

testWithZeo('a TLS server that is stopped in its tracks is mute', async t => {
	const own = makeCertificate(await makeFolder(t), 'server');
	const {server, child} = await startTlsServer(t, {...own, authenticate: own.certificate});
	child.kill('SIGSTOP');
	t.like(await probeServer(server, {timeoutMs: 200}), {probe: 'unready', problem: 'mute'});
});
