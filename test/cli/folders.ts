import {mkdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {instanceFolders, makeFolder} from '../../src/cli/folders.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('the folders are those of the program and of the socket, in this order', t => {
	const folders = instanceFolders({directory: 'work', socketName: 'run/s'}, '/srv');
	t.deepEqual(folders, ['/srv/work', '/srv/run']);
	t.deepEqual(instanceFolders({directory: undefined, socketName: 'zdsock'}, '/srv'), ['/srv']);
});

test('a missing folder is made', t => {
	const folder = path.join(temporaryFolder(t), 'new');
	makeFolder(folder, undefined);
	t.true(statSync(folder).isDirectory());
});

test('a folder that is there is left alone, also behind a link', t => {
	const base = temporaryFolder(t);
	mkdirSync(path.join(base, 'real'));
	symlinkSync('real', path.join(base, 'link'));
	t.notThrows(() => makeFolder(path.join(base, 'link'), undefined));
});

test('one level is made, not two', t => {
	const folder = path.join(temporaryFolder(t), 'a/b');
	t.throws(() => makeFolder(folder, undefined), {
		message: `cannot create the folder '${folder}': its parent folder is missing`,
		code: 'CONFIGURATION',
	});
});

test('a file in the way is an error', t => {
	const file = path.join(temporaryFolder(t), 'file');
	writeFileSync(file, '');
	t.throws(() => makeFolder(file, undefined), {message: /a file is in the way$/});
});

test('a folder below a file is an error', t => {
	const file = path.join(temporaryFolder(t), 'file');
	writeFileSync(file, '');
	t.throws(() => makeFolder(path.join(file, 'x'), undefined), {code: 'CONFIGURATION'});
});

test('defect 5: root gives a new folder to the instance’s user', t => {
	if (process.geteuid?.() !== 0) {
		skip(t, 'only root can give folders away');
		return;
	}
	const folder = path.join(temporaryFolder(t), 'new');
	makeFolder(folder, {name: 'zope', uid: 12_345, gid: 54_321, home: '/'});
	const {uid, gid} = statSync(folder);
	t.deepEqual({uid, gid}, {uid: 12_345, gid: 54_321});
});
