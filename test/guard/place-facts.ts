import {chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {
	currentUser,
	isSymbolicLink,
	readFileSystem,
	readOwners,
} from '../../src/guard/place-facts.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const other = {uid: 65_534, gid: 65_534, name: 'nobody'};

test('the user of this process has a name', async t => {
	const user = await currentUser();
	t.is(user.uid, process.geteuid?.() ?? -1);
	t.not(user.name, '');
});

test('files that are missing are left out', async t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'a'), '');
	const user = await currentUser();
	const owners = readOwners(
		[
			{path: path.join(folder, 'a'), is: 'file'},
			{path: path.join(folder, 'b'), is: 'file'},
			{path: folder, is: 'folder'},
		],
		user,
		false,
	);
	t.deepEqual(
		owners.map(({path, uid, usable}) => ({path, uid, usable})),
		[
			{path: path.join(folder, 'a'), uid: user.uid, usable: true},
			{path: folder, uid: user.uid, usable: true},
		],
	);
});

test('root reckons what another user may do', t => {
	if (process.geteuid?.() !== 0) return skip(t, 'only root can give files away');
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'a');
	writeFileSync(file, '');
	const usable = (readOnly = false) =>
		readOwners([{path: file, is: 'file'}], other, readOnly)[0]?.usable;
	chmodSync(file, 0o666);
	t.true(usable());
	chmodSync(file, 0o644);
	t.is(usable(), undefined);
	t.true(usable(true));
	chownSync(file, 0, other.gid);
	t.false(usable());
	chmodSync(file, 0o660);
	t.true(usable());
	chownSync(file, other.uid, 0);
	chmodSync(file, 0o400);
	t.false(usable());
	t.true(usable(true));
	const below = path.join(folder, 'f');
	mkdirSync(below, 0o700);
	chownSync(below, other.uid, 0);
	chmodSync(below, 0o600);
	t.false(readOwners([{path: below, is: 'folder'}], other, false)[0]?.usable);
});

test('a link is told from a file', t => {
	const folder = temporaryFolder(t);
	symlinkSync('nowhere', path.join(folder, 'link'));
	t.true(isSymbolicLink(path.join(folder, 'link')));
	t.false(isSymbolicLink(folder));
	t.false(isSymbolicLink(path.join(folder, 'none', 'none')));
});

test('the file system of a file that is still to come is that of its folder', t => {
	const facts = readFileSystem(path.join(temporaryFolder(t), 'Data.fs'));
	t.true((facts?.freeBytes ?? 0) > 0);
	t.is(readFileSystem('/nowhere/at/all/Data.fs'), undefined);
});

const answering = (different: Partial<Record<'type' | 'bavail' | 'files' | 'ffree', number>>) => {
	const asked: string[] = [];
	const facts = readFileSystem('/srv/zeo/Data.fs', folder => {
		asked.push(folder);
		return {
			type: 0xef53,
			bsize: 4096,
			blocks: 9,
			bfree: 9,
			bavail: 8,
			files: 7,
			ffree: 6,
			...different,
		};
	});
	return {facts, asked};
};

test('a local file system is asked where the file is', t => {
	const {facts, asked} = answering({});
	t.deepEqual(asked, ['/srv/zeo']);
	t.deepEqual(facts, {network: undefined, freeBytes: 8 * 4096, freeInodes: 6});
	t.is(answering({files: 0, ffree: 0}).facts?.freeInodes, undefined);
	t.is(answering({ffree: 0}).facts?.freeInodes, 0);
});

for (const [name, type] of [
	['nfs', 0x6969],
	['cifs', 0xff534d42],
	['smb2', 0xfe534d42],
	['9p', 0x01021997],
	['fuse', 0x65735546],
	['ceph', 0x00c36400],
] as const) {
	test(`${name} is known by its number`, t => {
		t.is(answering({type}).facts?.network, name);
	});
}
