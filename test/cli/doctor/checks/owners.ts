import {chmodSync, mkdirSync} from 'node:fs';
import test from 'ava';
import {judgeLayout} from '../../../../src/cli/doctor/checks/blobs.js';
import {judgeLength} from '../../../../src/cli/doctor/checks/control-socket.js';
import {examination, repairs} from '../../../helpers/examined.js';

test('a conf that everybody may change', async t => {
	const found = examination(t);
	chmodSync(found.at('zeo.conf'), 0o666);
	await repairs(t, found, 'conf-files', /^error: everybody may change '.*zeo\.conf'/);
});

test('a conf in a folder that everybody may change', async t => {
	const found = examination(t);
	chmodSync(found.folder, 0o777);
	await repairs(t, found, 'conf-files', /^error: everybody may change '/);
});

test('a database that everybody may change', async t => {
	const found = examination(t);
	found.write('Data.fs', 'FS30');
	chmodSync(found.at('Data.fs'), 0o646);
	await repairs(t, found, 'data-files', /^error: everybody may write '.*Data\.fs'/);
});

test('a run state that others may change', async t => {
	const found = examination(t);
	mkdirSync(found.at('.sock.d'));
	chmodSync(found.at('.sock.d'), 0o770);
	await repairs(t, found, 'run-state', /^error: others may write to '.*sock\.d' \(mode 770\)/);
});

test('a run state that is not there yet', async t => {
	t.deepEqual(await examination(t).levels('run-state'), ['idle: made by the first start']);
});

const withBlobs =
	'<zeo>\n  address 1\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n  blob-dir {folder}/blobs\n</filestorage>\n';

test('blobs that everybody may change', async t => {
	const found = examination(t, {server: withBlobs});
	mkdirSync(found.at('blobs'));
	chmodSync(found.at('blobs'), 0o777);
	await repairs(t, found, 'blobs', /^error: everybody may change the blobs/);
});

test('a blob folder that the server will make', async t => {
	t.deepEqual(await examination(t, {server: withBlobs}).levels('blobs'), [
		"idle: the server makes './blobs'",
	]);
});

test('a layout of blobs that ZODB does not know', t => {
	t.is(judgeLayout('/b', 'bushy')[0]?.level, 'ok');
	t.is(judgeLayout('/b', undefined)[0]?.level, 'ok');
	t.is(judgeLayout('/b', 'flat')[0]?.level, 'error');
});

test('a control socket whose folder start makes', async t => {
	const conf = '<runner>\n  program {folder}/runzeo\n  socket-name {folder}/a/sock\n</runner>\n';
	t.regex(
		(await examination(t, {conf}).levels('control-socket')).join(),
		/^ok: .*made by the first/,
	);
});

test('a path that is longer than old clients reach', t => {
	t.deepEqual(judgeLength(`/${'x'.repeat(106)}`), []);
	t.is(judgeLength(`/${'x'.repeat(107)}`)[0]?.level, 'warning');
});

test('a conf with a secret that everybody can read', async t => {
	const conf =
		'<runner>\n  program {folder}/runzeo\n  socket-name sock\n</runner>\n<mail>\n  to a@example.org\n  server localhost\n  ping-url https://example.org/secret\n</mail>\n';
	const found = examination(t, {conf});
	t.deepEqual(await found.levels('secrets'), ['ok: ./z.conf']);
	chmodSync(found.at('z.conf'), 0o644);
	await repairs(t, found, 'secrets', /^warning: everybody can read the ping-url/);
});
