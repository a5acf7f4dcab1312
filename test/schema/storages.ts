import test from 'ava';
import {settingsOf} from '../helpers/read-text.js';

const storagesOf = (text: string) =>
	settingsOf(`<zeo>\naddress 1\n</zeo>\n<runner>\nprogram x\n</runner>\n${text}`, {
		folders: ['/var'],
	}).storages;

const file = (name: string, more = '') =>
	`<filestorage>\npath /var/${name}\n${more}</filestorage>\n`;

test('a filestorage tells its files and how they are opened', t => {
	t.deepEqual(
		storagesOf(
			'<filestorage Main>\npath /var/Data.fs\nblob-dir /var/blobs\nread-only yes\ncreate on\n</filestorage>',
		),
		[
			{
				name: 'main',
				type: 'filestorage',
				path: '/var/Data.fs',
				blobDirectory: '/var/blobs',
				readOnly: true,
				create: true,
			},
		],
	);
});

for (const [title, text, expected] of [
	[
		'a blobstorage names the file inside it',
		`<blobstorage 1>\nblob-dir b\n${file('a.fs')}</blobstorage>`,
		{type: 'blobstorage', path: '/var/a.fs', blobDirectory: 'b'},
	],
	[
		'a demostorage names the first file inside it',
		`<demostorage 1>\n<mappingstorage/>\n${file('a.fs', 'read-only on\n')}${file('b.fs')}</demostorage>`,
		{type: 'demostorage', path: '/var/a.fs', readOnly: true},
	],
	['an empty demostorage has no file', '<demostorage 1/>', {path: undefined, readOnly: false}],
	[
		'wrappers may be nested',
		`%import zc.zlibstorage\n<zlibstorage 1>\n<demostorage>\n<blobstorage>\nblob-dir b\n${file('a.fs')}</blobstorage>\n</demostorage>\n</zlibstorage>`,
		{type: 'zlibstorage', path: '/var/a.fs', blobDirectory: 'b'},
	],
	[
		'a replicated storage names the file inside it',
		`%import zc.zrs\n<zrs 1>\nreplicate-to 5000\n${file('a.fs')}</zrs>`,
		{type: 'zrs', path: '/var/a.fs'},
	],
	[
		'a storage in a database has no file',
		'%import relstorage\n<relstorage 1>\nread-only on\n<postgresql/>\n</relstorage>',
		{type: 'relstorage', path: undefined, readOnly: true},
	],
	[
		'a storage in memory has no file',
		'<mappingstorage 1/>',
		{type: 'mappingstorage', path: undefined},
	],
] as const) {
	test(title, t => {
		t.like(storagesOf(text)[0], expected);
	});
}

test('a wrapper that must wrap something says so', t => {
	t.throws(() => storagesOf('%import zc.zlibstorage\n<zlibstorage 1/>'), {
		message: "no values for section type 'zodb.storage'; 1 required",
	});
});

test('newt brings relstorage along', t => {
	const text = '%import newt.db\n<relstorage 1>\n<newt>\n<postgresql/>\n</newt>\n</relstorage>';
	t.is(storagesOf(text)[0]?.type, 'relstorage');
});

test('the key that RelStorage spells with underscores is known so, and only so', t => {
	const text = (key: string) => `%import relstorage\n<relstorage 1>\n${key} on\n</relstorage>`;
	t.notThrows(() => storagesOf(text('revert_when_stale')));
	t.throws(() => storagesOf(text('revert-when-stale')), {
		message: "'revert-when-stale' is not a known key name",
	});
});

test("ZEO's own client storage clashes with the server's section, as in the original", t => {
	t.throws(() => storagesOf(`%import ZEO\n${file('a.fs')}`), {
		message: "type name cannot be redefined: 'ssl'",
	});
});
