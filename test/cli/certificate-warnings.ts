import {chmodSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findCertificateWarnings} from '../../src/cli/certificate-warnings.js';
import {makeCertificate} from '../helpers/certificates.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const day = 86_400_000;

const warningsOf = (tls: {certificate: string; key: string; authenticate: string}, days = 0) =>
	findCertificateWarnings(
		{
			confPath: '/etc/zeo.conf',
			zeo: {
				address: {family: 'inet', host: '', port: 1},
				readOnly: false,
				transactionTimeout: undefined,
				pidFilename: undefined,
				tls,
			},
			storages: [],
			hasEventLog: true,
		},
		{directory: '/', now: Date.now() + days * day},
	).map(({message}) => message.replace(/ on \d{4}-\d\d-\d\d$/, ''));

test('a certificate is told of thirty days before its end, and afterwards', t => {
	const own = makeCertificate(temporaryFolder(t), 'server', {days: 100});
	chmodSync(own.key, 0o600);
	const tls = {...own, authenticate: own.certificate};
	t.deepEqual(warningsOf(tls, 60), []);
	t.true(warningsOf(tls, 75).includes(`the certificate in '${own.certificate}' expires`));
	t.true(warningsOf(tls, 101).includes(`the certificate in '${own.certificate}' expired`));
});

test('a key that others can read, and files that hold nothing, are told of', t => {
	const folder = temporaryFolder(t);
	const own = makeCertificate(folder, 'server', {days: 100});
	chmodSync(own.key, 0o644);
	t.deepEqual(warningsOf({...own, authenticate: own.key}), [
		`no certificate is in '${own.key}'`,
		`others can read the key in '${own.key}'`,
	]);
	const [missing] = warningsOf({
		...own,
		certificate: path.join(folder, 'none'),
		authenticate: folder,
	});
	t.regex(missing ?? '', /^cannot read '.*none': no such file or directory$/);
});

test('each file that is missing is told, relative ones as the server finds them', t => {
	const folder = temporaryFolder(t);
	const {certificate} = makeCertificate(folder, 'server', {days: 100});
	t.deepEqual(warningsOf({certificate, key: 'no.key', authenticate: 'no.pem'}), [
		"cannot read '/no.key': no such file or directory",
		"cannot read '/no.pem': no such file or directory",
	]);
	chmodSync(certificate, 0o600);
	const key = path.relative('/', certificate);
	t.deepEqual(warningsOf({certificate, key, authenticate: 'DYNAMIC'}), []);
});

test('certificates that cannot be looked at, or have no end, are told of', t => {
	const folder = temporaryFolder(t);
	const loop = path.join(folder, 'loop');
	symlinkSync('loop', loop);
	const [looped] = warningsOf({certificate: loop, key: loop, authenticate: loop});
	t.regex(looped ?? '', /^cannot read '.*loop': too many symbolic links encountered$/);
	const endless = '/dev/zero';
	t.true(
		warningsOf({certificate: endless, key: endless, authenticate: folder}).includes(
			"cannot read '/dev/zero': not a regular file",
		),
	);
});
