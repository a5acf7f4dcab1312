import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {judgeKey, judgeTrust} from '../../../../src/cli/doctor/checks/certificates.js';
import {makeCertificate} from '../../../helpers/certificates.js';
import {examination, repairs} from '../../../helpers/examined.js';
import {temporaryFolder} from '../../../helpers/temporary-folder.js';

const server =
	'<zeo>\n  address 1\n  <ssl>\n    certificate {folder}/s.pem\n    key {folder}/s.key\n    authenticate {folder}/c.pem\n  </ssl>\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n</filestorage>\n';

test('without <ssl> there is nothing to check', async t => {
	const {levels} = examination(t);
	for (const name of ['expiry', 'key', 'authority'])
		t.deepEqual(await levels(name), ['idle: the conf has no <ssl> section']);
});

test('certificates end, and are renewed by the command', async t => {
	const dayMs = 86_400_000;
	const found = examination(t, {server, now: Date.now() + 3 * dayMs});
	makeCertificate(found.folder, 's', {days: 20});
	makeCertificate(found.folder, 'c', {days: 1});
	const [soon, finding, ...more] = await found.findings('expiry');
	t.deepEqual(more, []);
	t.is(soon?.level, 'warning');
	t.regex(soon?.message ?? '', /s\.pem' expires on /);
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /c\.pem' expired on /);
	t.is(finding?.command, 'zeoctl -C z.conf certificates --renew');
});

test('a key that others can read', async t => {
	const found = examination(t, {server});
	makeCertificate(found.folder, 's');
	chmodSync(found.at('s.key'), 0o644);
	await repairs(t, found, 'key', /^error: others can read the key/);
});

const asOwner = (_file: string, ...words: readonly string[]): string => words.join(' ');

test('a key of another certificate', t => {
	const folder = temporaryFolder(t);
	const one = makeCertificate(folder, 'one');
	const two = makeCertificate(folder, 'two');
	for (const {key} of [one, two]) chmodSync(key, 0o600);
	t.is(judgeKey(one, asOwner)[0]?.level, 'ok');
	const [finding] = judgeKey({certificate: one.certificate, key: two.key}, asOwner);
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /does not belong to the certificate/);
});

test('a key with a password is not opened', t => {
	const made = makeCertificate(temporaryFolder(t), 'one', {password: 'secret'});
	chmodSync(made.key, 0o600);
	t.is(judgeKey(made, asOwner)[0]?.level, 'unknown');
});

test('a key that is none', t => {
	const folder = temporaryFolder(t);
	const {certificate} = makeCertificate(folder, 'one');
	const key = path.join(folder, 'no.key');
	writeFileSync(key, 'nothing\n', {mode: 0o600});
	t.is(judgeKey({certificate, key}, asOwner)[0]?.level, 'error');
});

test('authorities that are missing, and a folder of them without hashes', t => {
	const folder = temporaryFolder(t);
	t.is(judgeTrust({authenticate: path.join(folder, 'c.pem')})[0]?.level, 'error');
	mkdirSync(path.join(folder, 'cas'));
	const [finding] = judgeTrust({authenticate: path.join(folder, 'cas')});
	t.is(finding?.command, `openssl rehash ${path.join(folder, 'cas')}`);
	writeFileSync(path.join(folder, 'cas/0123abcd.0'), '');
	t.is(judgeTrust({authenticate: path.join(folder, 'cas')})[0]?.level, 'ok');
});
