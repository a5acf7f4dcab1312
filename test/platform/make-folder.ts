import {chmodSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {makeFolderWords} from '../../src/platform/make-folder.js';
import {findUserName} from '../../src/platform/passwd.js';
import {asOrdinaryUser} from '../helpers/ordinary-user.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const ofOrdinaryUser = (folder: string, options?: Parameters<typeof makeFolderWords>[1]) =>
	asOrdinaryUser(() => ({
		words: makeFolderWords(folder, options),
		self: findUserName(process.geteuid?.() ?? 0),
	}));

test('whoever types it, root or the user, the folder becomes the user’s', t => {
	const folder = path.join(temporaryFolder(t), 'no/such');
	chmodSync(path.dirname(path.dirname(folder)), 0o777);
	const {words, self} = ofOrdinaryUser(folder);
	t.deepEqual(words, ['install', '-d', '-o', self, folder]);
});

test('only root makes a folder for another user', t => {
	const folder = path.join(temporaryFolder(t), 'theirs');
	chmodSync(path.dirname(folder), 0o777);
	const words = ['install', '-d', '-o', 'zope', folder];
	t.deepEqual(ofOrdinaryUser(folder, {user: 'zope'}).words, ['sudo', ...words]);
	t.deepEqual(ofOrdinaryUser(folder, {user: 'zope', isRoot: true}).words, words);
});

test('root makes its own as everybody does', t => {
	const words = makeFolderWords('/no such', {user: 'root', isRoot: true});
	t.deepEqual(words, ['mkdir', '-p', '/no such']);
});
