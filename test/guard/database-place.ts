import test from 'ava';
import {type DatabasePlace, judgePlace, type OwnedFile} from '../../src/guard/database-place.js';
import type {DataFile} from '../../src/storage/kind.js';

const data: DataFile = {
	path: '/srv/zeo/Data.fs',
	size: 4,
	inode: '7',
	links: 1,
	modifiedAt: 0,
	magic: 'FS30',
	content: {state: 'empty', tail: 0},
};
const place: DatabasePlace = {
	files: {
		path: '/srv/zeo/Data.fs',
		realPath: '/srv/zeo/Data.fs',
		data,
		old: undefined,
		pack: undefined,
		index: undefined,
	},
	isLink: false,
	create: false,
	readOnly: false,
	owned: [],
	user: {uid: 1000, name: 'zope'},
	isNamed: true,
	isRoot: false,
	fileSystem: {network: undefined, freeBytes: 1e9, freeInodes: 1e6},
};
const owned = (suffix: string, more: Partial<OwnedFile> = {}): OwnedFile => ({
	path: `/srv/zeo/Data.fs${suffix}`,
	is: 'file',
	isFolder: more.is === 'folder',
	uid: 1000,
	mode: 0o644,
	usable: true,
	...more,
});

const judges = test.macro((t, change: Partial<DatabasePlace>, ...codes: readonly string[]) => {
	const troubles = judgePlace({...place, ...change});
	t.deepEqual(
		troubles.map(({verdict, code}) => `${verdict} ${code}`),
		codes,
	);
});
const space = (facts: Partial<NonNullable<DatabasePlace['fileSystem']>>) => ({
	fileSystem: {network: undefined, freeBytes: 1e9, freeInodes: 1e6, ...facts},
});

test('an ordinary place is fine', judges, {});
test('a place that cannot be asked is fine', judges, {fileSystem: undefined});
test('a full disk is warned of', judges, space({freeBytes: 4096}), 'warn disk-full');
test('no inodes are warned of', judges, space({freeInodes: 0}), 'warn no-inodes');
test('uncounted inodes are not', judges, space({freeInodes: undefined}));
test('a reader needs no space', judges, {...space({freeBytes: 0}), readOnly: true});
test('a network is warned of', judges, space({network: 'nfs'}), 'warn network-file-system');
test('own files are fine', judges, {owned: [owned(''), owned('.index'), owned('.lock')]});
test(
	'files of others that may be written are warned of',
	judges,
	{owned: [owned(''), owned('.lock', {uid: 0})]},
	'warn owner',
);
test(
	'files that may not be written are refused',
	judges,
	{owned: [owned('', {usable: false, uid: 0}), owned('.index', {uid: 0, usable: false})]},
	'refuse access',
	'warn owner',
);
test('an old index may be replaced', judges, {owned: [owned('.index', {usable: false})]});
test('a folder of somebody else is fine while it may be written', judges, {
	owned: [owned('/..', {is: 'folder', uid: 0})],
});
test('what cannot be told is not refused', judges, {owned: [owned('', {usable: undefined})]});
test('a reader may read the files of others', judges, {
	readOnly: true,
	owned: [owned('', {uid: 0})],
});

test('the chown line names the user and every file, quoted', t => {
	const [trouble] = judgePlace({
		...place,
		owned: [owned(' x', {uid: 0, usable: false}), owned('.lock', {uid: 0, usable: false})],
	});
	t.is(trouble?.hint, "sudo chown zope '/srv/zeo/Data.fs x' /srv/zeo/Data.fs.lock");
});

test('the database of another owner is that of a server of theirs, where the conf names nobody', t => {
	const closed = {uid: 0, usable: false};
	const hintOf = (owners: DatabasePlace['owned'], isNamed = false) =>
		judgePlace({...place, isNamed, owned: owners})[0]?.hint;
	t.is(
		hintOf([owned('', closed), owned('.index', closed)]),
		'start it as the user with the id 0, whose files they are; only where no server uses them any more: sudo chown zope /srv/zeo/Data.fs',
	);
	t.regex(hintOf([owned('', closed)], true) ?? '', /^sudo chown/);
	t.regex(hintOf([owned('', closed), owned('.lock')]) ?? '', /^sudo chown/);
	t.regex(hintOf([owned('/..', {...closed, is: 'folder'})]) ?? '', /^sudo chown/);
});

test('a folder of the system is not given to the user', t => {
	const [trouble] = judgePlace({
		...place,
		owned: [owned('', {path: '/var/lib', is: 'folder', uid: 0, usable: false})],
	});
	t.regex(trouble?.hint ?? '', /: sudo install -d -o zope \/var\/lib\/zeo-zope$/);
});

test('a folder of the user that is closed gets another mode', t => {
	const [trouble] = judgePlace({
		...place,
		owned: [owned('/..', {is: 'folder', mode: 0, usable: false})],
	});
	t.is(trouble?.hint, 'sudo chmod u+rwx /srv/zeo/Data.fs/..');
});

test('a server that root runs is pointed to the user setting', t => {
	const [trouble] = judgePlace({
		...place,
		user: {uid: 0, name: 'root'},
		owned: [owned('', {uid: 1000})],
	});
	t.is(trouble?.code, 'owner');
	t.regex(trouble?.hint ?? '', /'user' in the <runner> section/);
});
